import { decode } from "./decode.js";
import type { PolicyRef } from "./types/policy.js";
import type { CorrelationEntry } from "./types/refs.js";

/** Those of a message's optional members that its records and events show. A member that it does not have is missing. */
export interface OptionalValues {
  readonly entries?: CorrelationEntry[] | undefined;
  readonly replyTo?: string | undefined;
  readonly policyRefs?: PolicyRef[] | undefined;
}

/** The optional members of a message. */
export interface OptionalMembers {
  /**
   * The entries of its correlation, the id of the message that it replies to, and the policies that it demands, as JSON
   * that the core wrote; each is empty if the message has no such member.
   */
  readonly texts: readonly string[];

  /** The members themselves. The lists are new, so that a host may change them. */
  copied(): OptionalValues;
}

/** The optional members of a message, as the core has read them. */
export class ReadMembers implements OptionalMembers {
  /** All of them, as JSON for the core. */
  readonly given: string;
  readonly texts: readonly string[];
  /** Read once they are needed: ports that take text never need them. */
  #values: OptionalValues | undefined;

  constructor(given: string, texts: readonly string[]) {
    this.given = given;
    this.texts = texts;
  }

  copied(): OptionalValues {
    const { entries, replyTo, policyRefs } = (this.#values ??= this.#read());
    return { entries: entries?.map(copyOf), replyTo, policyRefs: policyRefs?.map(copyOf) };
  }

  #read(): OptionalValues {
    const [entries, replyTo, policyRefs] = this.texts.map((text) => (text === "" ? undefined : decode<never>(text)));
    return { entries, replyTo, policyRefs };
  }
}

function copyOf<Entry extends object>(entry: Entry): Entry {
  return { ...entry };
}

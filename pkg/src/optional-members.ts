import type { PolicyRef } from "./types/policy.js";
import type { CorrelationEntry } from "./types/refs.js";

/** Those of a message's optional members that its records and events show. */
export interface OptionalValues {
  /** The entries of its correlation. */
  readonly entries: CorrelationEntry[] | undefined;
  /** The id of the message that it replies to. */
  readonly replyTo: string | undefined;
  /** The policies that it demands. */
  readonly policyRefs: PolicyRef[] | undefined;
}

/** The optional members of a message. */
export interface OptionalMembers {
  /** Those that its records and events show, in the order above, as JSON that the core wrote, or empty. */
  readonly texts: readonly string[];

  /** The members themselves. The lists are new, so that a host may change them. */
  copied(): OptionalValues;
}

/** The optional members of a message, as the core has read them. */
export interface ReadMembers extends OptionalMembers {
  /** All of them, as JSON for the core. */
  readonly given: string;
}

/** The optional members that the core has read from JSON. */
export function readMembers(given: string, texts: readonly string[]): ReadMembers {
  // Read once they are needed: ports that take text never need them.
  let values: OptionalValues | undefined;
  const copied = (): OptionalValues => {
    if (values === undefined) {
      const [entries, replyTo, policyRefs] = texts.map((text) => (text ? JSON.parse(text) : undefined));
      values = { entries, replyTo, policyRefs };
    }
    return { entries: copiesOf(values.entries), replyTo: values.replyTo, policyRefs: copiesOf(values.policyRefs) };
  };
  return { given, texts, copied };
}

function copiesOf<Entry extends object>(list: readonly Entry[] | undefined): Entry[] | undefined {
  return list?.map((entry) => ({ ...entry }));
}

import { decode } from "./decode.js";
import { isLater } from "./later.js";
import { readMembers, type ReadMembers } from "./optional-members.js";
import type { PlainMessage, SendStatus } from "./plain-message.js";
import type { Runtime } from "./runtime.js";
import { byteLength, type Scratch } from "./scratch.js";
import type { MessageReceipt, MessageStatus } from "./types/message.js";
import type { WasmPool } from "./wasm/agent_pool.js";

/** The statuses, in the order of their numbers in the core. */
const STATUSES: readonly MessageStatus[] = [
  "accepted",
  "delivered",
  "responded",
  "failed",
  "timed_out",
  "expired",
  "cancelled",
];

/** Holds the messages that are being sent. The core refers to a message by its slot (src/js/in_hand.rs). */
export class MessageHost {
  /** Where texts cross to the core. */
  readonly scratch: Scratch;
  readonly #runtime: Runtime;
  /** The names of runs and agents, by the numbers that the core gave them. */
  readonly #names: string[] = [];
  readonly #held: (PlainMessage | undefined)[] = [];
  readonly #free: number[] = [];
  /** The optional members that the core read last, and still has; unless they are long. */
  #latest: ReadMembers | undefined;

  constructor(runtime: Runtime, scratch: Scratch) {
    this.#runtime = runtime;
    this.scratch = scratch;
  }

  /** The message in a slot. */
  at(slot: number): PlainMessage {
    return this.#held[slot]!;
  }

  /**
   * Sends a message. Returns its receipt, or a promise of it; `ended` is called before the promise settles. Returns
   * `undefined`, with nothing done, if one of the texts cannot cross in this way.
   */
  send(
    pool: WasmPool,
    message: PlainMessage,
    ended: () => void,
  ): MessageReceipt | Promise<MessageReceipt> | undefined {
    const { givenId, givenKey, from, targetId, contentRef } = message;
    // All texts in one call: each call of the encoder takes half as long as writing all of this.
    const text = givenId + givenKey + from + targetId + contentRef;
    const bytes = this.scratch.write(text);
    if (bytes < 0) return undefined;
    // If texts begin or end with half a character, these do not add up, and the core finds one of the texts malformed.
    const lengthOf = bytes === text.length ? (text: string) => text.length : byteLength;
    const slot = this.#free.pop() ?? this.#held.length;
    this.#held[slot] = message;
    const kind = message.targetKind.number;
    const optional = this.#optional(message);
    const answer = this.#runtime.enter(() =>
      pool.sendPlain(
        slot,
        kind,
        lengthOf(givenId),
        lengthOf(givenKey),
        lengthOf(from),
        lengthOf(targetId),
        lengthOf(contentRef),
        optional,
      ),
    );
    if (isLater(answer)) {
      return this.#runtime.outcome<SendAnswer, MessageReceipt>(answer, (answer) => receiptOf(message, answer), ended);
    }
    if (answer !== TAKE_SENT) return receiptOf(message, answer);
    const sent = this.#runtime.enter(() => this.#runtime.glue.takeSent() as SendAnswer | undefined);
    return sent === undefined ? undefined : receiptOf(message, sent);
  }

  /** The optional members of a message for the core. Most messages that have any have the same as the one before. */
  #optional(message: PlainMessage): string | undefined {
    const { optionalText } = message;
    const latest = this.#latest;
    if (!latest || latest.given !== optionalText) return optionalText;
    message.described(latest);
    return AS_BEFORE;
  }

  /** From now on the core refers to this agent or run by this number. */
  learn(number: number, name: string): void {
    this.#names[number] = name;
  }

  /** The message need not be held any longer. */
  release(slot: number): void {
    this.#held[slot] = undefined;
    this.#free.push(slot);
  }

  /** Sets the id, which is also the key, of a message that was given neither. */
  name(slot: number, id: string): void {
    this.at(slot).named(id);
  }

  /**
   * The core has read the optional members of a message. Those that its records and events show come as JSON texts with
   * tabs between them.
   */
  describe(slot: number, texts: string): void {
    const message = this.at(slot);
    const given = message.optionalText!;
    const members = readMembers(given, texts.split("\t"));
    message.described(members);
    this.#latest = given.length > MOST_REMEMBERED ? undefined : members;
  }

  /** Sets whom a message is from and for. The numbers are those of the sender's agent and of the receivers. */
  address(slot: number, numbers: Uint32Array): void {
    const message = this.at(slot);
    const names = this.#names;
    const receivers: string[] = [];
    for (let index = 1; index < numbers.length; index += 1) receivers.push(names[numbers[index]!]!);
    message.addressed(names[numbers[0]!]!, receivers);
  }

  /**
   * As `address`, for a message to one receiver, as most are. The numbers count from 1 and come with the message's
   * first record; with later ones they are 0.
   */
  addressOne(message: PlainMessage, agent: number, receiver: number): void {
    const names = this.#names;
    if (agent > 0) message.addressed(names[agent - 1]!, [names[receiver - 1]!]);
  }
}

/** In place of a message's optional members: they are those that the core read last (src/js/plain.rs). */
const AS_BEFORE = "";
/** Of longer ones, in UTF-16 code units, the core may not have the last. */
const MOST_REMEMBERED = 1_000;

/** What `sendPlain` returns if `takeSent` has the outcome (src/js/plain.rs). */
const TAKE_SENT = 1_000;

/** The number of a status; or that number followed by the cursor, as text; or the text of a receipt. */
type SendAnswer = number | string;

function receiptOf(message: PlainMessage, answer: SendAnswer): MessageReceipt {
  if (typeof answer === "number") return message.receiptOf(STATUSES[answer]!);
  const status = STATUSES[Number(answer[0])];
  return status === undefined ? decode(answer) : message.receiptOf(status, answer.slice(1));
}

/** The status with this number; it must be one that a message takes on by being sent. */
export function sendStatus(number: number): SendStatus {
  return STATUSES[number] as SendStatus;
}

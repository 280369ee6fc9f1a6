import { decode } from "./decode.js";
import type { PlainMessage, SendStatus } from "./plain-message.js";
import { isLater, type Runtime } from "./runtime.js";
import type { Scratch } from "./scratch.js";
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

/** Holds the messages that are being sent: the core knows them by the slots in which they are (src/js/in_hand.rs). */
export class MessageHost {
  /** Through which texts cross. */
  readonly scratch: Scratch;
  readonly #runtime: Runtime;
  /** Of runs and agents, by the numbers that the core gave them. */
  readonly #names: string[] = [];
  readonly #held: (PlainMessage | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(runtime: Runtime, scratch: Scratch) {
    this.#runtime = runtime;
    this.scratch = scratch;
  }

  /** The message in a slot. */
  at(slot: number): PlainMessage {
    return this.#held[slot]!;
  }

  /**
   * Sends a message: its receipt, or a promise of it, before which `ended` is called. Answers `undefined` if one of its
   * texts is none that crosses in this way, and nothing was done.
   */
  send(
    pool: WasmPool,
    message: PlainMessage,
    ended: () => void,
  ): MessageReceipt | Promise<MessageReceipt> | undefined {
    const { givenId, givenKey, from, targetId, contentRef } = message;
    // All in one, for each call of the encoder takes as long as half of what it writes here.
    if (this.scratch.write(givenId + givenKey + from + targetId + contentRef) < 0) return undefined;
    const slot = this.#free.pop() ?? this.#held.length;
    this.#held[slot] = message;
    const kind = message.targetKind.number;
    const answer = this.#runtime.enter(() =>
      pool.sendPlain(
        slot,
        kind,
        givenId.length,
        givenKey.length,
        from.length,
        targetId.length,
        contentRef.length,
        message.optionalText,
      ),
    );
    if (isLater(answer)) {
      return this.#runtime.outcome<SendAnswer, MessageReceipt>(answer, (answer) => receiptOf(message, answer), ended);
    }
    if (answer !== OTHERWISE) return receiptOf(message, answer);
    const sent = this.#runtime.enter(() => this.#runtime.glue.takeSent() as SendAnswer | undefined);
    return sent === undefined ? undefined : receiptOf(message, sent);
  }

  /** The core calls an agent or a run by this number. */
  learn(number: number, name: string): void {
    this.#names[number] = name;
  }

  /** A message need not be held any longer. */
  release(slot: number): void {
    this.#held[slot] = undefined;
    this.#free.push(slot);
  }

  /** The id and the key of a message that was given neither. */
  name(slot: number, id: string): void {
    this.at(slot).named(id);
  }

  /** What a message has besides: the JSON texts, with a tab between one and the next. */
  describe(slot: number, texts: string): void {
    this.at(slot).described(texts.split("\t"));
  }

  /** Whom a message is from and for: numbers of the sender's agent and of the receivers. */
  address(slot: number, numbers: Uint32Array): void {
    const message = this.at(slot);
    const names = this.#names;
    const receivers: string[] = [];
    for (let index = 1; index < numbers.length; index += 1) receivers.push(names[numbers[index]!]!);
    message.addressed(names[numbers[0]!]!, receivers);
  }

  /** As `address`, for a message to one receiver, as most are. The numbers come with its first record, from 1 on, else 0. */
  addressOne(message: PlainMessage, agent: number, receiver: number): void {
    const names = this.#names;
    if (agent > 0) message.addressed(names[agent - 1]!, [names[receiver - 1]!]);
  }
}

/** What `sendPlain` answers if `takeSent` tells the rest (src/js/plain.rs). */
const OTHERWISE = 1_000;

/** A status by its number, or that with the cursor behind it, or the text of a receipt. */
type SendAnswer = number | string;

function receiptOf(message: PlainMessage, answer: SendAnswer): MessageReceipt {
  if (typeof answer === "number") return message.receiptOf(STATUSES[answer]!);
  const status = STATUSES[Number(answer[0])];
  return status === undefined ? decode(answer) : message.receiptOf(status, answer.slice(1));
}

/** The status by its number; one that a message takes on by being sent. */
export function sendStatus(number: number): SendStatus {
  return STATUSES[number] as SendStatus;
}

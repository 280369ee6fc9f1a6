import { HeldAnswer } from "./held-answer.js";
import { isThenable, type Later } from "./later.js";
import { sendStatus } from "./message-host.js";
import { recordId } from "./message-objects.js";
import { journalCalls, type JournalCalls, type MessageRecordFacts } from "./port-calls.js";
import type { GivenJournal } from "./read-ports.js";
import type { Runtime } from "./runtime.js";
import { LONGEST_ID } from "./scratch.js";
import { wellFormed } from "./well-formed.js";

/** What a journal returns. `null` is for an answer that the core is to refuse as invalid. */
export type JournalAnswer = string | undefined | void | null | Later;

/** A host's journal as the core calls it. */
export interface HostJournal {
  /** Appends a record, given as text: in full, or in short (in-short.ts). */
  append(recordText: string): JournalAnswer;
  /**
   * Appends the record of a message that is held in a slot. `agent` and `receiver` are the numbers of the sender's
   * agent and of the receiver. They come with the first record of a message to one receiver, and are otherwise 0.
   * Returns
   *
   * - 1 to `LONGEST_ID`: the length of the cursor, which has been written into the scratch;
   * - more than that: `LONGEST_ID` plus the number of an answer that is to come;
   * - `NO_CURSOR`: the host returned nothing;
   * - `TAKE_ANSWER`: `takeAnswer` returns or throws the outcome.
   */
  appendMessage(
    slot: number,
    status: number,
    journalSeq: number,
    millis: number,
    agent: number,
    receiver: number,
  ): number;
  /** Returns or throws the outcome that `appendMessage` could not express as a number. */
  takeAnswer(): JournalAnswer;
  /**
   * Appends several records, given as texts with a line break between one and the next. The core refuses an array that
   * has not one entry for each record.
   */
  appendBatch?(linesText: string): unknown[] | Later;
  /**
   * As `appendBatch`, for messages that are held. `records` has six numbers for each record: the arguments of
   * `appendMessage`.
   */
  appendMessages(records: Float64Array): unknown[] | Later;
}

// What `appendMessage` returns if it wrote no cursor (src/js/journal.rs).
const NO_CURSOR = -1;
const TAKE_ANSWER = -2;

/** Calls a host's journal. Every record is made anew, so that the host may keep and change it. */
export class CalledJournal implements HostJournal {
  readonly appendBatch?: NonNullable<HostJournal["appendBatch"]>;
  readonly #runtime: Runtime;
  readonly #calls: JournalCalls;
  readonly #held = new HeldAnswer<JournalAnswer>();

  constructor(runtime: Runtime, journal: GivenJournal) {
    this.#runtime = runtime;
    this.#calls = journalCalls(journal);
    if (journal.canBatch) this.appendBatch = (linesText) => this.#appendBatch(linesText.split("\n"));
  }

  append(recordText: string): JournalAnswer {
    return this.#runtime.callPort(
      () => this.#calls.appendText(recordText),
      cursorOf,
    );
  }

  appendMessage(
    slot: number,
    number: number,
    journalSeq: number,
    millis: number,
    agent: number,
    receiver: number,
  ): number {
    const runtime = this.#runtime;
    const { messages } = runtime;
    const message = messages.at(slot);
    messages.addressOne(message, agent, receiver);
    const status = sendStatus(number);
    try {
      runtime.requireOn();
      const answer = this.#calls.appendMessage(message, status, journalSeq, read(millis));
      // As in `callPort`, without what only promises need.
      if (answer === undefined || typeof answer === "string") {
        runtime.requireOn();
        message.recorded(status, answer ?? recordId(journalSeq));
        if (answer === undefined) return NO_CURSOR;
        const length = messages.scratch.write(answer);
        // A longer text is no cursor, and its length would be read as the number of an answer that is to come.
        if (length > 0 && length <= LONGEST_ID) return length;
        this.#held.answer(cursorOf(answer));
      } else if (isThenable(answer)) {
        const later = runtime.later(answer, (cursor) => {
          message.recorded(status, typeof cursor === "string" ? cursor : recordId(journalSeq));
          return cursorOf(cursor);
        });
        return LONGEST_ID + later;
      } else {
        runtime.requireOn();
        this.#held.answer(null);
      }
    } catch (thrown) {
      this.#held.fail(thrown);
    }
    return TAKE_ANSWER;
  }

  appendMessages(numbers: Float64Array): unknown[] | Later {
    const { messages } = this.#runtime;
    const records: MessageRecordFacts[] = [];
    for (let at = 0; at < numbers.length; at += 6) {
      const message = messages.at(numbers[at]!);
      messages.addressOne(message, numbers[at + 4]!, numbers[at + 5]!);
      records.push([message, sendStatus(numbers[at + 1]!), numbers[at + 2]!, read(numbers[at + 3]!)]);
    }
    return this.#runtime.callPort(
      () => this.#calls.appendMessages(records),
      (answer) => {
        const cursors = cursorsOf(answer, records.length);
        records.forEach(([message, status, journalSeq], index) => {
          const cursor = cursors[index];
          message.recorded(status, typeof cursor === "string" ? cursor : recordId(journalSeq));
        });
        return cursors;
      },
    );
  }

  takeAnswer(): JournalAnswer {
    return this.#held.take();
  }

  #appendBatch(recordTexts: string[]): unknown[] | Later {
    return this.#runtime.callPort(
      () => this.#calls.appendBatch(recordTexts),
      (answer) => cursorsOf(answer, recordTexts.length),
    );
  }
}

/**
 * A time of the core's in the form that `decode` gives it: from 2^53 on, which only a host's clock can say, it is a
 * `bigint`, though the type does not show it. The core's times end at 2^64-1; this arrives as the nearest number, 2^64.
 */
function read(millis: number): number {
  if (Number.isSafeInteger(millis)) return millis;
  return (BigInt(millis) - BigInt(millis === 2 ** 64)) as unknown as number;
}

function cursorOf(answer: unknown): string | undefined | null {
  return answer === undefined ? undefined : wellFormed(answer);
}

/**
 * Copies a list of the host's, which may be anything in disguise, into an array that the core can read without an
 * error.
 */
function cursorsOf(answer: unknown, length: number): unknown[] {
  if (answer === undefined) return new Array<undefined>(length);
  // The core refuses a list of another length.
  if (!Array.isArray(answer) || answer.length !== length) return [];
  return Array.from({ length }, (_, index) => cursorOf(answer[index]));
}

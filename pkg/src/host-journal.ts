import { HeldAnswer } from "./held-answer.js";
import { sendStatus } from "./message-host.js";
import { recordId } from "./message-objects.js";
import { journalCalls, type JournalCalls, type MessageRecordFacts } from "./port-calls.js";
import type { GivenJournal } from "./port-forms.js";
import { isThenable, type Later, type Runtime } from "./runtime.js";
import { LONGEST_ID } from "./scratch.js";
import { wellFormed } from "./well-formed.js";

/** What a journal answers; `null` for what the core is to refuse as no answer. */
export type JournalAnswer = string | undefined | void | null | Later;

/** A journal of the host's as the core calls it. */
export interface HostJournal {
  /** Takes the text of a record. */
  append(recordText: string): JournalAnswer;
  /**
   * Takes the record of a message that is held in a slot. The numbers of the sender's agent and of the receiver come with
   * the first record of a message to one receiver, and are otherwise 0. Answers
   *
   * - 1 to `LONGEST_ID`: the length of the cursor, which it has written into the scratch;
   * - more than that: `LONGEST_ID` plus the number of an answer that is to come;
   * - `NO_CURSOR`: the host answered nothing;
   * - `OTHERWISE`: `takeAnswer` answers or throws the rest.
   */
  appendMessage(
    slot: number,
    status: number,
    journalSeq: number,
    millis: number,
    agent: number,
    receiver: number,
  ): number;
  /** What `appendMessage` has otherwise to answer or to throw. */
  takeAnswer(): JournalAnswer;
  /**
   * Takes the texts of several records, with a line break between one and the next. The core reads of the array, without
   * a look at its length, what stands for each of them.
   */
  appendBatch?(linesText: string): unknown[] | Later;
  /** As `appendBatch`, of messages that are held: of each record what `appendMessage` is told of one. */
  appendMessages(records: Float64Array): unknown[] | Later;
}

// What `appendMessage` answers if it wrote no cursor (src/js/journal.rs).
const NO_CURSOR = -1;
const OTHERWISE = -2;

/** Calls a journal of the host's. What it is given is made anew every time, so that a host may keep and change it. */
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
      // As `callPort` goes on, without what only promises need.
      if (answer === undefined || typeof answer === "string") {
        runtime.requireOn();
        message.recorded(status, answer ?? recordId(journalSeq));
        if (answer === undefined) return NO_CURSOR;
        const length = messages.scratch.write(answer);
        // What is longer is no cursor, and would be a number for an answer that is to come.
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
    return OTHERWISE;
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
    // The list is the host's to change.
    const { length } = recordTexts;
    return this.#runtime.callPort(
      () => this.#calls.appendBatch(recordTexts),
      (answer) => cursorsOf(answer, length),
    );
  }
}

/**
 * A time of the core's as `decode` reads it: what only the clock of a host can say, 2^53 and more, is a `bigint`, though
 * types do not tell. Of 2^64-1, where the core's times end, it was told the nearest number.
 */
function read(millis: number): number {
  if (Number.isSafeInteger(millis)) return millis;
  return BigInt.asUintN(64, BigInt(millis) - BigInt(millis === 2 ** 64)) as unknown as number;
}

function cursorOf(answer: unknown): string | undefined | null {
  return answer === undefined ? undefined : wellFormed(answer);
}

/** A list of the host's may be anything in disguise; when the core reads this one, nothing is thrown. */
function cursorsOf(answer: unknown, length: number): unknown[] {
  if (answer === undefined) return [];
  // What the core refuses as no answer.
  if (!Array.isArray(answer) || answer.length !== length) return [null];
  return Array.from(answer, cursorOf);
}

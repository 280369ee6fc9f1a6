import { decode } from "./decode.js";
import { sendStatus } from "./message-host.js";
import { messageRecord } from "./message-objects.js";
import type { Journal } from "./ports.js";
import type { Runtime } from "./runtime.js";
import type { JournalRecord } from "./types/journal.js";

/** What a journal answers. */
export type JournalAnswer = string | undefined | void | Promise<string | undefined | void>;

/** A journal of the host's as the core calls it. */
export interface HostJournal {
  /** Takes the text of a record. */
  append(recordText: string): JournalAnswer;
  /**
   * Takes the record of a message that is held in a slot. Answers how long the cursor is that it wrote into the scratch,
   * `NO_CURSOR` or `OTHERWISE`.
   */
  appendMessage(slot: number, status: number, journalSeq: number, millis: number): number;
  /** What `appendMessage` has otherwise to answer or to throw. */
  takeAnswer(): JournalAnswer;
}

// What `appendMessage` answers if it wrote no cursor (src/js/journal.rs).
const NO_CURSOR = -1;
const OTHERWISE = -2;

/** Calls a journal that takes records as objects. Each is a new one, which a host may keep and change. */
export class ObjectJournal implements HostJournal {
  readonly #runtime: Runtime;
  readonly #journal: Journal;
  #answer: JournalAnswer;
  #thrown: { readonly value: unknown } | undefined;

  constructor(runtime: Runtime, journal: Journal) {
    this.#runtime = runtime;
    this.#journal = journal;
  }

  append(recordText: string): JournalAnswer {
    return this.#runtime.callPort(
      () => this.#journal.append(decode<JournalRecord>(recordText)),
      (cursor) => cursor,
    );
  }

  appendMessage(slot: number, number: number, journalSeq: number, millis: number): number {
    const { messages } = this.#runtime;
    const message = messages.at(slot);
    const status = sendStatus(number);
    const record = messageRecord(message, status, journalSeq, millis);
    const told = (cursor: string | undefined | void): string | undefined | void => {
      message.recorded(status, typeof cursor === "string" ? cursor : record.record_id);
      return cursor;
    };
    try {
      const answer = this.#runtime.callPort(() => this.#journal.append(record), told);
      if (answer === undefined) return NO_CURSOR;
      const length = typeof answer === "string" ? messages.scratch.write(answer, 0) : 0;
      if (length > 0) return length;
      this.#answer = answer;
    } catch (value) {
      this.#thrown = { value };
    }
    return OTHERWISE;
  }

  takeAnswer(): JournalAnswer {
    const answer = this.#answer;
    const thrown = this.#thrown;
    this.#answer = undefined;
    this.#thrown = undefined;
    if (thrown !== undefined) throw thrown.value;
    return answer;
  }
}

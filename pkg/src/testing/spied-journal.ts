import type { MemoryJournal } from "../memory.js";
import type { JournalPort } from "../port-forms.js";
import { readJournal } from "../read-ports.js";
import type { JournalRecord } from "../types/journal.js";
import { decodeLine } from "./data.js";

/** What a journal answered to a record. */
export interface Answered {
  readonly kind: JournalRecord["record_kind"];
  readonly answer: unknown;
}

/** What a journal failed a record with. */
export interface Failed {
  readonly kind: JournalRecord["record_kind"];
  readonly cause: unknown;
}

/**
 * Stands between a pool and a journal, and records what passes. The pool gets answers that it can go on with, so that
 * one broken promise does not look like another.
 */
export class SpiedJournal {
  /** The records that the journal took, as they were given. */
  readonly taken: JournalRecord[] = [];
  readonly answers: Answered[] = [];
  readonly failed: Failed[] = [];
  /** Called, and awaited, after the journal has taken a record. */
  onTaken: ((record: JournalRecord) => Promise<void>) | undefined;
  /** The journal that the pool is given. It passes everything on to the journal under test, in the same form. */
  readonly port: JournalPort;

  constructor(journal: Exclude<JournalPort, MemoryJournal>) {
    // A pool refuses what is no journal.
    readJournal(journal);
    if (typeof journal === "function") {
      this.port = (record) => this.#pass(structuredClone(record), () => journal(record));
    } else if (journal.appendJson === undefined) {
      this.port = { append: (record) => this.#pass(structuredClone(record), () => journal.append(record)) };
    } else {
      this.port = { appendJson: (line) => this.#pass(decodeLine(line), () => journal.appendJson(line)) };
    }
  }

  async #pass(given: JournalRecord, append: () => unknown): Promise<undefined> {
    const kind = given.record_kind;
    try {
      this.answers.push({ kind, answer: await append() });
    } catch (cause) {
      this.failed.push({ kind, cause });
      throw cause;
    }
    this.taken.push(given);
    await this.onTaken?.(given);
  }
}

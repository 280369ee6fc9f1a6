import type { Journal } from "../ports.js";
import type { JournalRecord } from "../types/journal.js";

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
 * Stands between a pool and a journal and keeps what passes. The pool gets answers that it can go on with, so that one
 * broken promise does not look like another.
 */
export class SpiedJournal implements Journal {
  /** What the journal took, as it was given. */
  readonly taken: JournalRecord[] = [];
  readonly answers: Answered[] = [];
  readonly failed: Failed[] = [];
  /** Called, and waited for, when the journal has taken a record. */
  onTaken: ((record: JournalRecord) => Promise<void>) | undefined;
  readonly #journal: Journal;

  constructor(journal: Journal | Journal["append"]) {
    this.#journal = typeof journal === "function" ? { append: journal } : journal;
  }

  async append(record: JournalRecord): Promise<undefined> {
    const given = structuredClone(record);
    const kind = given.record_kind;
    try {
      this.answers.push({ kind, answer: await this.#journal.append(record) });
    } catch (cause) {
      this.failed.push({ kind, cause });
      throw cause;
    }
    this.taken.push(given);
    await this.onTaken?.(given);
  }
}

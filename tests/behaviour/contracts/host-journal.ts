import type { Journal, JournalRecord } from "agent-pool";

/** A journal of a host's, in an array. */
export class HostJournal implements Journal {
  readonly records: JournalRecord[] = [];
  isFull = false;

  append(record: JournalRecord): ReturnType<Journal["append"]> {
    return this.take([record])[0];
  }

  /** Throws once if `isFull` is set. Returns a place for each of the records. */
  take(records: readonly JournalRecord[]): string[] {
    if (this.isFull) {
      this.isFull = false;
      throw new Error("the disk is full");
    }
    return records.map((record) => `place.${this.records.push(record)}`);
  }
}

import type { EventBus, EventFrame, Journal, JournalRecord } from "agent-pool";

import type { JournalLine } from "../model/model.js";

/** The page's journal. It keeps the records in their order, or refuses them while `refuses` is set. */
export class PageJournal implements Journal {
  /** Whether it refuses what it is given. */
  refuses = false;
  readonly #lines: JournalLine[] = [];
  readonly #changed: () => void;

  /** `changed` is called whenever there is something new to show. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The records that it holds so far. */
  get lines(): readonly JournalLine[] {
    return this.#lines;
  }

  append(record: JournalRecord): string {
    if (this.refuses) throw new Error("this page's journal was told to refuse records");
    const cursor = `line.${this.#lines.length + 1}`;
    this.#lines.push({ cursor, record, frame: undefined });
    this.#changed();
    return cursor;
  }

  /** Notes that the event of a record was published. */
  published(frame: EventFrame): void {
    const line = this.#lines.findIndex(({ cursor }) => cursor === frame.event.envelope.journal_cursor);
    const found = this.#lines[line];
    if (found === undefined) return;
    this.#lines[line] = { ...found, frame };
    this.#changed();
  }
}

/**
 * The page's event bus. It passes frames on, or refuses them while `refuses` is set. The pool itself keeps the frames.
 */
export class PageEventBus implements EventBus {
  /** Whether it refuses what it is given. */
  refuses = false;
  readonly #published: (frame: EventFrame) => void;

  constructor(published: (frame: EventFrame) => void) {
    this.#published = published;
  }

  publish(frame: EventFrame): void {
    if (this.refuses) throw new Error("this page's event bus was told to refuse frames");
    this.#published(frame);
  }
}

import { decode } from "./decode.js";
import type { GivenEventBus, GivenJournal } from "./port-forms.js";
import type { Journal } from "./ports.js";
import type { EventFrame } from "./types/frame.js";
import type { JournalRecord } from "./types/journal.js";

// What a port is called with: one that takes text gets what the core wrote as it is, and what this side made as the core
// would have written it. Methods that need not be there were when the pool was built.

type Appended = ReturnType<Journal["append"]>;

/** How a journal is given records. */
export interface JournalCalls {
  append(record: JournalRecord): Appended;
  appendText(recordText: string): Appended;
  appendBatch(recordTexts: string[]): ReturnType<NonNullable<Journal["appendBatch"]>>;
}

export function journalCalls(given: GivenJournal): JournalCalls {
  if (given.takesText) {
    const { journal } = given;
    return {
      append: (record) => journal.appendJson(JSON.stringify(record)),
      appendText: (recordText) => journal.appendJson(recordText),
      appendBatch: (recordTexts) => journal.appendBatchJson!(recordTexts),
    };
  }
  const { journal } = given;
  return {
    append: (record) => journal.append(record),
    appendText: (recordText) => journal.append(decode(recordText)),
    appendBatch: (recordTexts) => journal.appendBatch!(recordTexts.map((text) => decode(text))),
  };
}

/** How an event bus is given frames. */
export interface EventBusCalls {
  publish(frame: EventFrame): unknown;
  publishText(frameText: string): unknown;
}

export function eventBusCalls(given: GivenEventBus): EventBusCalls {
  if (given.takesText) {
    const { eventBus } = given;
    return {
      publish: (frame) => eventBus.publishJson(JSON.stringify(frame)),
      publishText: (frameText) => eventBus.publishJson(frameText),
    };
  }
  const { eventBus } = given;
  return {
    publish: (frame) => eventBus.publish(frame),
    publishText: (frameText) => eventBus.publish(decode(frameText)),
  };
}

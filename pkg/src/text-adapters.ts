import type { JournalCalls } from "./adapters.js";
import type { TextEventBus, TextJournal } from "./text-ports.js";

// How ports that take text get what the core wrote: as it is.

export function textJournal(journal: TextJournal): JournalCalls {
  return {
    append: (recordText) => journal.appendJson(recordText),
    // It was there when the pool was built.
    appendBatch: (recordTexts) => journal.appendBatchJson!(recordTexts),
  };
}

export function textPublisher(eventBus: TextEventBus): (frameText: string) => unknown {
  return (frameText) => eventBus.publishJson(frameText);
}

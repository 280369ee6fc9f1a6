import type { JournalCalls } from "./adapters.js";
import type { TextEventBus, TextJournal } from "./text-ports.js";

// How ports that take text get what the core wrote: as it is.

export function textJournal(journal: TextJournal): JournalCalls {
  return {
    append: (recordText) => journal.appendJson(recordText),
    // It was there when the pool was built.
    appendBatch: (recordsText) => journal.appendBatchJson!(lines(recordsText)),
  };
}

export function textPublisher(eventBus: TextEventBus): (frameText: string) => unknown {
  return (frameText) => eventBus.publishJson(frameText);
}

/** The elements of a JSON array that has each on a line of its own, as text: compact JSON has no line break in it. */
function lines(arrayText: string): string[] {
  return arrayText.slice(1, -1).split(",\n");
}

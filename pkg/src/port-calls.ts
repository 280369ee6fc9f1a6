import { decode } from "./decode.js";
import { messageFrame, messageRecord } from "./message-objects.js";
import { messageFrameText, messageRecordText } from "./message-texts.js";
import type { PlainMessage, SendStatus } from "./plain-message.js";
import type { GivenEventBus, GivenJournal } from "./port-forms.js";
import type { Journal } from "./ports.js";

// What a port is called with: one that takes text gets what the core wrote as it is, and what this side makes is made as
// the port takes it. Methods that need not be there were when the pool was built.

type Appended = ReturnType<Journal["append"]>;

/** How a journal is given records. */
export interface JournalCalls {
  /** Gives it the record that a message took on a status. */
  appendMessage(message: PlainMessage, status: SendStatus, journalSeq: number, millis: number): Appended;
  appendText(recordText: string): Appended;
  appendBatch(recordTexts: string[]): ReturnType<NonNullable<Journal["appendBatch"]>>;
}

export function journalCalls(given: GivenJournal): JournalCalls {
  if (given.takesText) {
    const { journal } = given;
    return {
      appendMessage: (...of) => journal.appendJson(messageRecordText(...of)),
      appendText: (recordText) => journal.appendJson(recordText),
      appendBatch: (recordTexts) => journal.appendBatchJson!(recordTexts),
    };
  }
  const { journal } = given;
  return {
    appendMessage: (...of) => journal.append(messageRecord(...of)),
    appendText: (recordText) => journal.append(decode(recordText)),
    appendBatch: (recordTexts) => journal.appendBatch!(recordTexts.map((text) => decode(text))),
  };
}

/** How an event bus is given frames. */
export interface EventBusCalls {
  /** Gives it the event that a message took on a status. */
  publishMessage(message: PlainMessage, status: SendStatus, number: number, time: string, eventSeq: number): unknown;
  publishText(frameText: string): unknown;
}

export function eventBusCalls(given: GivenEventBus): EventBusCalls {
  if (given.takesText) {
    const { eventBus } = given;
    return {
      publishMessage: (...of) => eventBus.publishJson(messageFrameText(...of)),
      publishText: (frameText) => eventBus.publishJson(frameText),
    };
  }
  const { eventBus } = given;
  return {
    publishMessage: (...of) => eventBus.publish(messageFrame(...of)),
    publishText: (frameText) => eventBus.publish(decode(frameText)),
  };
}

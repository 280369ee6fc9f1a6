import { objectOf, textOf } from "./in-short.js";
import { messageFrame, messageRecord } from "./message-objects.js";
import { messageFrameText, messageRecordText } from "./message-texts.js";
import type { PlainMessage, SendStatus } from "./plain-message.js";
import type { Journal } from "./ports.js";
import type { GivenEventBus, GivenJournal } from "./read-ports.js";
import { FRAMES, RECORDS } from "./transition-objects.js";

// How ports are called. What the core gives in full is passed on to a port that takes text, without the core's mark;
// everything that is made on this side is made in the form that the port takes. Optional methods are called only if
// they were there when the pool was built.

type Appended = ReturnType<Journal["append"]>;
type AppendedBatch = ReturnType<NonNullable<Journal["appendBatch"]>>;

/** A message, the status that it took on, and the number and the time of the record that says so. */
export type MessageRecordFacts = [message: PlainMessage, status: SendStatus, journalSeq: number, millis: number];

/** The calls of a journal, whatever form of records it takes. */
export interface JournalCalls {
  /** Appends the record of a message that took on a status. */
  appendMessage(message: PlainMessage, status: SendStatus, journalSeq: number, millis: number): Appended;
  appendText(recordText: string): Appended;
  appendBatch(recordTexts: string[]): AppendedBatch;
  appendMessages(records: readonly MessageRecordFacts[]): AppendedBatch;
}

export function journalCalls(given: GivenJournal): JournalCalls {
  if (given.takesText) {
    const { journal } = given;
    return {
      appendMessage: (message, status, journalSeq, millis) =>
        journal.appendJson(messageRecordText(message, status, journalSeq, millis)),
      appendText: (recordText) => journal.appendJson(textOf(recordText, RECORDS)),
      appendBatch: (recordTexts) => journal.appendBatchJson!(recordTexts.map((text) => textOf(text, RECORDS))),
      appendMessages: (records) => journal.appendBatchJson!(records.map((of) => messageRecordText(...of))),
    };
  }
  const { journal } = given;
  return {
    appendMessage: (message, status, journalSeq, millis) =>
      journal.append(messageRecord(message, status, journalSeq, millis)),
    appendText: (recordText) => journal.append(objectOf(recordText, RECORDS)),
    appendBatch: (recordTexts) => journal.appendBatch!(recordTexts.map((text) => objectOf(text, RECORDS))),
    appendMessages: (records) => journal.appendBatch!(records.map((of) => messageRecord(...of))),
  };
}

/** The calls of an event bus, whatever form of frames it takes. */
export interface EventBusCalls {
  /** Publishes the event of a message that took on a status. */
  publishMessage(message: PlainMessage, status: SendStatus, number: number, time: string, eventSeq: number): unknown;
  publishText(frameText: string): unknown;
}

export function eventBusCalls(given: GivenEventBus): EventBusCalls {
  if (given.takesText) {
    const { eventBus } = given;
    return {
      publishMessage: (message, status, number, time, eventSeq) =>
        eventBus.publishJson(messageFrameText(message, status, number, time, eventSeq)),
      publishText: (frameText) => eventBus.publishJson(textOf(frameText, FRAMES)),
    };
  }
  const { eventBus } = given;
  return {
    publishMessage: (message, status, number, time, eventSeq) =>
      eventBus.publish(messageFrame(message, status, number, time, eventSeq)),
    publishText: (frameText) => eventBus.publish(objectOf(frameText, FRAMES)),
  };
}

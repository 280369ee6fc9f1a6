import { relatedRun } from "./made-refs.js";
import { messageFrame, messageRecord } from "./message-objects.js";
import type { OptionalMembers } from "./optional-members.js";
import { PlainMessage, type SendStatus } from "./plain-message.js";
import { fill, inString, mark, templateOf, wholeMark, type Template } from "./templates.js";

// The records and events of a message that this side holds, as JSON text: put together by a template for each kind and
// status.

// The slots: what varies, by its index among the texts of a message.
const POOL_ID = 0;
const MESSAGE_ID = 1;
const IDEMPOTENCY_KEY = 2;
const FROM = 3;
const TARGET_ID = 4;
const CONTENT_REF = 5;
const AGENT_ID = 6;
const RECEIVERS = 7;
const RELATED_RUNS = 8;
/** The texts before this slot are the same in all records and frames of a message. */
const SEQ = 9;
const MILLIS = 10;
const EVENT_NUMBER = 11;
const TIME = 12;
const CURSOR = 13;
/** Those of what a message has besides. */
const OPTIONAL = 14;

const numberMark = wholeMark as (slot: number) => unknown as (slot: number) => number;

/** The JSON before and after a receiver's id among the related refs. */
const RELATED = /* @__PURE__ */ writtenAround(relatedRun(mark(0)));

/** The templates by status, and then by the form of the message. */
type Templates = Partial<Record<SendStatus, Template[]>>;

const records: Templates = {};
const frames: Templates = {};

/** The journal record of a message that took on a status, as `JSON.stringify` writes it. */
export function messageRecordText(message: PlainMessage, status: SendStatus, journalSeq: number, millis: number): string {
  const texts = textsOf(message);
  texts[SEQ] = `${journalSeq}`;
  texts[MILLIS] = `${millis}`;
  return fill(templateFor(records, message, status, markedRecord), texts);
}

/** The event of a message that took on a status, as `JSON.stringify` writes it. */
export function messageFrameText(
  message: PlainMessage,
  status: SendStatus,
  eventNumber: number,
  time: string,
  eventSeq: number,
): string {
  const texts = textsOf(message);
  texts[SEQ] = `${eventSeq}`;
  texts[EVENT_NUMBER] = `${eventNumber}`;
  texts[TIME] = time;
  texts[CURSOR] = inString(message.cursorOf(status));
  return fill(templateFor(frames, message, status, markedFrame), texts);
}

const markedRecord = (message: PlainMessage, status: SendStatus): object =>
  messageRecord(message, status, numberMark(SEQ), numberMark(MILLIS));

const markedFrame = (message: PlainMessage, status: SendStatus): object =>
  messageFrame(message, status, numberMark(EVENT_NUMBER), mark(TIME), numberMark(SEQ));

function templateFor(
  known: Templates,
  message: PlainMessage,
  status: SendStatus,
  marked: (message: PlainMessage, status: SendStatus) => object,
): Template {
  const ofStatus = (known[status] ??= []);
  return (ofStatus[message.form] ??= templateOf(written(marked(sample(message, status), status))));
}

/** A message whose texts are marks. A message fails only if it has no receivers. */
function sample({ targetKind, optional }: PlainMessage, status: SendStatus): PlainMessage {
  const message = new PlainMessage(
    mark(POOL_ID),
    mark(MESSAGE_ID),
    mark(IDEMPOTENCY_KEY),
    mark(FROM),
    targetKind,
    mark(TARGET_ID),
    mark(CONTENT_REF),
  );
  message.optional = optional && markedMembers(optional);
  message.addressed(mark(AGENT_ID), status === "failed" ? [] : [wholeMark(RECEIVERS)]);
  message.recorded("accepted", mark(CURSOR));
  return message;
}

/** The optional members of a message, as marks. */
function markedMembers({ texts }: OptionalMembers): OptionalMembers {
  const marks = texts.map((text, index) => (text === "" ? undefined : wholeMark(OPTIONAL + index)));
  const [entries, replyTo, policyRefs] = marks;
  return { texts, copied: () => ({ entries, replyTo, policyRefs }) as never };
}

/** The JSON of a record or frame of marks, with a single mark in place of the receivers among the related refs. */
function written(marked: object): string {
  const related = JSON.stringify(relatedRun(wholeMark(RECEIVERS)));
  return JSON.stringify(marked).replaceAll(related, `"${wholeMark(RELATED_RUNS)}"`);
}

function writtenAround(marked: object): [string, string] {
  return JSON.stringify(marked).split(mark(0)) as [string, string];
}

/** The texts of what varies, by slot. All but the last ones are made once per message. */
function textsOf(message: PlainMessage): string[] {
  return (message.texts ??= newTexts(message));
}

function newTexts(message: PlainMessage): string[] {
  const receivers = message.receivers.map(inString);
  const [before, after] = RELATED;
  return [
    inString(message.poolId),
    inString(message.messageId),
    inString(message.idempotencyKey),
    inString(message.from),
    inString(message.targetId),
    inString(message.contentRef),
    inString(message.agentId),
    // The receivers are one text, as they are the greater part of a record to many. If there are none, no template uses
    // it.
    `"${receivers.join('","')}"`,
    before + receivers.join(`${after},${before}`) + after,
    "",
    "",
    "",
    "",
    "",
    ...(message.optional?.texts ?? []),
  ];
}

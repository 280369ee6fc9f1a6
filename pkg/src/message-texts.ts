import { messageFrame, messageRecord, relatedRun } from "./message-objects.js";
import { PlainMessage, type SendStatus, type TargetKind } from "./plain-message.js";

// What is recorded and published of a message that this side holds, as JSON text.
//
// Of each kind and status a sample is made and written once, with marks in the place of what varies; to make a text is
// then to put that in. So there is one description of records and frames, and `JSON.stringify`, which takes five times
// as long, is not needed for each of them.

// What varies, by its place among the texts of a message.
const POOL_ID = 0;
const MESSAGE_ID = 1;
const IDEMPOTENCY_KEY = 2;
const FROM = 3;
const TARGET_ID = 4;
const CONTENT_REF = 5;
const AGENT_ID = 6;
const RECEIVERS = 7;
const RELATED_RUNS = 8;
/** Those before are the same in all texts of a message. */
const SEQ = 9;
const MILLIS = 10;
const EVENT_NUMBER = 11;
const TIME = 12;
const CURSOR = 13;

/** Stands for a part of a JSON string. */
export const mark = (slot: number): string => String.fromCharCode(0xe000 + slot);
/** Stands for the whole of a JSON string, or in place of a number. */
export const wholeMark = (slot: number): string => String.fromCharCode(0xe100 + slot);
const numberMark = wholeMark as (slot: number) => unknown as (slot: number) => number;
const MARKS = /"([\ue100-\ue10f])"|([\ue000-\ue10f])/;

/** A text in pieces: what comes first, and then what varies and what comes after that, by turns. */
export interface Template {
  readonly first: string;
  readonly slots: readonly number[];
  readonly after: readonly string[];
}

/** What comes before and after a receiver among the related refs. */
const RELATED = /* @__PURE__ */ writtenAround(relatedRun(mark(0)));

/** By status and kind of target. */
type Templates = Partial<Record<SendStatus, Template[]>>;

const records: Templates = {};
const frames: Templates = {};

/** The journal record that a message took on a status, as `JSON.stringify` writes it. */
export function messageRecordText(message: PlainMessage, status: SendStatus, journalSeq: number, millis: number): string {
  const texts = textsOf(message);
  texts[SEQ] = `${journalSeq}`;
  texts[MILLIS] = `${millis}`;
  return fill(templateFor(records, message, status, markedRecord), texts);
}

/** The event that a message took on a status, as `JSON.stringify` writes it. */
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
  { targetKind }: PlainMessage,
  status: SendStatus,
  marked: (message: PlainMessage, status: SendStatus) => object,
): Template {
  const ofStatus = (known[status] ??= []);
  return (ofStatus[targetKind.number] ??= templateOf(marked(sample(targetKind, status), status)));
}

/** A message of marks. One that fails is one that has no receivers. */
function sample(kind: TargetKind, status: SendStatus): PlainMessage {
  const message = new PlainMessage(
    mark(POOL_ID),
    mark(MESSAGE_ID),
    mark(IDEMPOTENCY_KEY),
    mark(FROM),
    kind,
    mark(TARGET_ID),
    mark(CONTENT_REF),
  );
  message.addressed(mark(AGENT_ID), status === "failed" ? [] : [wholeMark(RECEIVERS)]);
  message.recorded("accepted", mark(CURSOR));
  return message;
}

export function templateOf(written: object): Template {
  const text = JSON.stringify(written).replaceAll(
    JSON.stringify(relatedRun(wholeMark(RECEIVERS))),
    `"${wholeMark(RELATED_RUNS)}"`,
  );
  // By turns what stays, and of a mark what either half of the pattern found.
  const [first = "", ...rest] = text.split(MARKS);
  const slots: number[] = [];
  const after: string[] = [];
  for (let index = 0; index < rest.length; index += 3) {
    slots.push((rest[index] ?? rest[index + 1] ?? "").charCodeAt(0) & 0xff);
    after.push(rest[index + 2] ?? "");
  }
  return { first, slots, after };
}

function writtenAround(marked: object): [string, string] {
  return JSON.stringify(marked).split(mark(0)) as [string, string];
}

export function fill({ first, slots, after }: Template, texts: readonly string[]): string {
  let text = first;
  for (let index = 0; index < slots.length; index += 1) text += texts[slots[index]!]! + after[index]!;
  return text;
}

/** What varies, in the order of the slots: made once a message, but for the last ones. */
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
    // In one piece, as they are the greater part of a text to many. Where there are none, nothing asks for them.
    `"${receivers.join('","')}"`,
    before + receivers.join(`${after},${before}`) + after,
    "",
    "",
    "",
    "",
    "",
  ];
}

/** A text as it stands between the quotes of a JSON string. Ids and cursors hold no control characters. */
export function inString(text: string): string {
  return /["\\]/.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

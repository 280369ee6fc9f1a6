import { MemoryJournal, type EventFrame, type JournalRecord } from "agent-pool";
import { expect, it } from "vitest";

import { OUTLINE, take, team } from "./support.js";

const LARGEST = 2n ** 64n - 1n;

it.each<[number | bigint, number | bigint]>([
  [LARGEST, LARGEST],
  [2n ** 53n, 2n ** 53n],
  [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [10n ** 15n, 10 ** 15],
])("%s comes back exactly as %s, wherever it comes back", async (given, back) => {
  const journal = new MemoryJournal();
  const pool = await team({ journal });
  // Texts beside such numbers are unchanged too, whatever they look like.
  const names = ["18446744073709551615", ",18446744073709551615,", "n18446744073709551615", 's"\\', '":18446744073709551615,"'];
  for (const [index, name] of names.entries()) {
    await pool.send({
      ...OUTLINE,
      message_id: `message.${index}`,
      content_ref: name,
      expires_at_millis: given,
      response_contract: { expected_responses: 2n ** 32n - 1n, timeout_millis: given },
    });
  }
  await pool.suspendUntil("run.writer", {
    filter: { queue: { capacity: given }, kinds: ["run_failed"] },
    timeout_millis: given,
  });
  const { messages, wakes } = await pool.snapshot();
  expect(messages?.map(({ message }) => message.content_ref)).toEqual(names);
  expect(messages?.[0]?.message).toMatchObject({
    expires_at_millis: back,
    response_contract: { expected_responses: 2 ** 32 - 1, timeout_millis: back },
  });
  expect(wakes?.[0]?.condition).toMatchObject({ timeout_millis: back, filter: { queue: { capacity: back } } });
  const records = await journal.records();
  expect(records.flatMap((record) => (record.record_kind === "wake" ? [record.payload.timeout_millis] : []))).toEqual([
    back,
  ]);
});

it.each([2n ** 53n, 2n ** 53n + 1n])("%s comes back exactly where nothing else is as long", async (capacity) => {
  const pool = await team();
  expect((await pool.scopeFilter({ queue: { capacity } })).queue?.capacity).toBe(capacity);
});

it.each([
  [2 ** 53, 2n ** 53n],
  [Number.MAX_VALUE, LARGEST],
])("the time %d of a clock is %s in every record", async (now, time) => {
  const records: JournalRecord[] = [];
  const append = (record: JournalRecord): void => void records.push(record);
  const appendBatch = (batch: JournalRecord[]): void => void records.push(...batch);
  for (const journal of [{ append }, { append, appendBatch }]) {
    const pool = await team({ journal, clock: () => now });
    await pool.send(OUTLINE);
    await pool.send({ ...OUTLINE, message_id: "message.not-plain", content_ref: "\u00fc" });
  }
  expect(records.map(({ timestamp_millis }) => timestamp_millis)).toEqual(Array(14).fill(time));
});

it("such numbers reach and leave the ports of the host exactly", async () => {
  const records: JournalRecord[] = [];
  const frames: EventFrame[] = [];
  const cursors: unknown[] = [];
  const pool = await team({
    journal: (record) => void records.push(record),
    eventBus: {
      publish: (frame) => {
        frame.event.envelope.event_seq = LARGEST - BigInt(frames.length);
        frames.push(frame);
      },
      subscribe: (_, cursor) => {
        cursors.push(cursor?.event_seq);
        return frames;
      },
    },
  });
  await pool.suspendUntil("run.writer", { filter: { kinds: ["run_failed"] }, timeout_millis: LARGEST });
  const last = records[records.length - 1];
  expect(last?.record_kind === "wake" && last.payload.timeout_millis).toBe(LARGEST);
  const seen = await pool.subscribe().drain();
  expect(seen.map((frame) => frame.cursor.event_seq)).toEqual([LARGEST, LARGEST - 1n, LARGEST - 2n, LARGEST - 3n]);
  await pool.subscribe({}, { cursor: seen[0]!.cursor }).drain();
  expect(cursors).toContain(LARGEST);
});

it("a text beside them comes back whole, of whatever it is and however long", async () => {
  const pool = await team();
  const [own] = await pool.subscribe().drain();
  const { envelope } = own!.event;
  const text = `${'"1\\n:'.repeat(1_500_000)}1234567890123456,`;
  const shown = pool.observe({
    cursor: own!.cursor,
    event: {
      envelope: { ...envelope, event_id: "event.told", event_family: "tool", event_kind: "tool_completed" },
      payload: { mode: "redacted_summary", redacted_summary: text },
    },
  });
  const [told] = await take(pool.subscribe({ kinds: ["tool_completed"] })[Symbol.asyncIterator](), 1);
  await shown;
  const { payload } = told!.event;
  expect("redacted_summary" in payload && payload.redacted_summary === text).toBe(true);
});

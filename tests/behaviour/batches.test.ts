// Records that a lane collects in one turn, or while an append is under way, go to the journal in one call.

import {
  AgentPool,
  AgentPoolError,
  type EventFrame,
  type JournalRecord,
  type RunMessageJournalPayload,
} from "agent-pool";
import { describe, expect, it } from "vitest";

import { refusal, settle } from "./support.js";

/** A journal that records its calls, and answers only while it is open. */
class Gate {
  readonly calls: JournalRecord[][] = [];
  readonly #waiting: (() => void)[] = [];
  isOpen = true;
  failure: Error | undefined;

  append(record: JournalRecord): Promise<string> {
    return this.#taken([record], `place.${record.journal_seq}`);
  }

  appendBatch(records: JournalRecord[]): Promise<string[]> {
    const places = records.map((record) => `place.${record.journal_seq}`);
    return this.#taken(records, places);
  }

  open(): void {
    this.isOpen = true;
    for (const answer of this.#waiting.splice(0)) answer();
  }

  async #taken<Answer>(records: JournalRecord[], answer: Answer): Promise<Answer> {
    this.calls.push(records);
    if (!this.isOpen) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.failure !== undefined) throw this.failure;
    return answer;
  }
}

async function opened(): Promise<{ pool: AgentPool; gate: Gate; frames: EventFrame[] }> {
  const gate = new Gate();
  const frames: EventFrame[] = [];
  const eventBus = async (frame: EventFrame): Promise<void> => void frames.push(frame);
  const pool = await AgentPool.build({ poolId: "pool.batches", journal: gate, eventBus });
  for (const name of ["a", "b"]) await pool.joinRun({ run_id: `run.${name}`, agent_id: `agent.${name}` });
  gate.calls.length = 0;
  gate.isOpen = false;
  return { pool, gate, frames };
}

const message = (name: string, more: object = {}): Parameters<AgentPool["send"]>[0] => ({
  message_id: `message.${name}`,
  from: "run.a",
  to: { run: "run.b" },
  content_ref: "content",
  ...more,
});

describe("a burst of one sender's", () => {
  it.each([
    ["plain messages", {}],
    ["messages with something optional", { reply_to: "message.z" }],
    ["messages that are not plain", { content_ref: "ü" }],
  ])("goes in one call, in order, and so does what comes while it is under way: %s", async (_, more) => {
    const { pool, gate, frames } = await opened();
    const sent = [..."123"].map((name) => pool.send(message(name, more)));
    await settle();
    for (const name of "45") {
      sent.push(pool.send(message(name, more)));
      await settle();
    }
    gate.open();
    const receipts = await Promise.all(sent);
    await pool.flush();
    for (const told of [...receipts, ...gate.calls.flat().map(({ payload }) => payload)]) {
      expect(told).toMatchObject({ delivered_to: ["run.b"] });
    }
    expect(gate.calls.flat().every(({ agent_id }) => agent_id === "agent.a")).toBe(true);
    const told = gate.calls.map((records) => records.map(({ event_index }) => event_index.event_kind));
    const both = ["run_message_accepted", "run_message_delivered"];
    expect(told).toEqual([3, 2].map((length) => Array.from({ length }, () => both).flat()));
    const places = gate.calls.flat().map(({ journal_seq }) => `place.${journal_seq}`);
    expect(receipts.map(({ journal_cursor }) => journal_cursor)).toEqual(places.filter((_, index) => index % 2 === 1));
    expect(frames.slice(3).map(({ cursor }) => cursor.journal_cursor)).toEqual(places);
    await pool.close();
  });

  it("keeps its cursors if some are plain and some are not", async () => {
    const { pool, gate, frames } = await opened();
    const forms = [{}, {}, { content_ref: "ü" }, {}, { reply_to: "message.z" }];
    const sent = forms.map((more, index) => pool.send(message(`${index}`, more)));
    await settle();
    gate.open();
    const receipts = await Promise.all(sent);
    await pool.flush();
    const places = gate.calls.flat().map(({ journal_seq }) => `place.${journal_seq}`);
    expect(receipts.map(({ journal_cursor }) => journal_cursor)).toEqual(places.filter((_, index) => index % 2 === 1));
    expect(frames.slice(3).map(({ event }) => event.envelope.journal_cursor)).toEqual(places);
    await pool.close();
  });

  it("fails as a whole if the journal rejects it, and a retry sends it", async () => {
    const { pool, gate } = await opened();
    gate.failure = new Error("the disk is full");
    const outcomes = [..."123"].map((name) => pool.send(message(name)).catch((error: unknown) => error));
    await settle();
    gate.open();
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toBeInstanceOf(AgentPoolError);
      expect(outcome).toMatchObject({ code: "journal_rejected", cause: gate.failure });
    }
    gate.failure = undefined;
    const receipts = await Promise.all([..."123"].map((name) => pool.send(message(name))));
    expect(receipts.map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
    await pool.close();
  });

  it.each([
    ["too few", (cursors: string[]) => cursors.slice(1)],
    ["too many", (cursors: string[]) => [...cursors, "one.more"]],
    ["a text", () => "cursors"],
  ])("fails if the journal answers %s", async (_, answer) => {
    const journal = { append: () => undefined, appendBatch: async () => answer(["a", "b"]) as never };
    const pool = await AgentPool.build({ poolId: "pool.batches", journal });
    for (const name of ["a", "b"]) await pool.joinRun({ run_id: `run.${name}`, agent_id: `agent.${name}` });
    const error = await refusal(pool.send(message("1")));
    expect(error).toMatchObject({
      code: "invalid_port_answer",
      message: "journal: must answer a batch with one cursor for each record",
    });
  });

  it.each([
    ["plain messages", {}],
    ["messages with something optional", { reply_to: "message.z" }],
    ["messages that are not plain", { content_ref: "ü" }],
  ])("fails if one of the cursors is no Unicode, and a retry sends it: %s", async (_, more) => {
    const cursors = ["place.1", "\ud800"];
    const journal = { append: () => undefined, appendBatch: async () => cursors };
    const pool = await AgentPool.build({ poolId: "pool.batches", journal });
    for (const name of ["a", "b"]) await pool.joinRun({ run_id: `run.${name}`, agent_id: `agent.${name}` });
    const error = await refusal(pool.send(message("1", more)));
    expect(error).toMatchObject({ code: "invalid_port_answer" });
    cursors[1] = "place.2";
    expect(await pool.send(message("1", more))).toMatchObject({ status: "delivered", journal_cursor: "place.2" });
    await pool.close();
  });

  it("goes in as many calls as keep each of them of a size that a journal can take", async () => {
    const { pool, gate } = await opened();
    gate.isOpen = true;
    for (let number = 0; number < 1_000; number += 1) {
      await pool.joinRun({ run_id: `run.many.${number}`, agent_id: "agent.many" });
    }
    gate.calls.length = 0;
    const sent = Array.from({ length: 70 }, (_, number) => pool.send(message(`${number}`, { to: { agent: "agent.many" } })));
    expect((await Promise.all(sent)).every(({ status }) => status === "delivered")).toBe(true);
    const ofCalls = gate.calls.map((records) => records.map(({ payload }) => payload as RunMessageJournalPayload));
    // A record has the agent of the sender and a thousand receivers, and a message two records.
    expect(ofCalls.map((records) => records.length)).toEqual([64, 64, 12]);
    const ids = ofCalls.flat().map(({ message_id, delivery_status }) => `${message_id} ${delivery_status}`);
    const expected = sent.flatMap((_, number) => [`message.${number} accepted`, `message.${number} delivered`]);
    expect(ids).toEqual(expected);
    await pool.close();
  });
});

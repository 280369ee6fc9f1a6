// Ports that take text get the JSON of what ports that take objects get.

import {
  AgentPool,
  logicalClock,
  seededIds,
  type AgentPoolOptions,
  type EventBusPort,
  type EventFrame,
  type JournalPort,
  type JournalRecord,
  type TextEventBus,
  type TextJournal,
} from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, kinds, refusal, settle, team, told } from "./support.js";

const DELIVERED = ["created", "run_joined", "run_joined", "accepted", "delivered"];
const POLICY = { kind: "privacy", id: "policy.team", version: "1" } as const;

/** Texts with everything that needs escaping. */
const ODD = `run.'"\\/\u00e9\u65e5\u{1f4d3}\u2028\u2029\ufeff</script>{}[],:`;

/** Leads to every kind of record and event, each with all optional fields and without them. */
async function playEverything(options: Partial<AgentPoolOptions>): Promise<void> {
  const pool = await AgentPool.build({ poolId: "pool.a", clock: logicalClock(), ids: seededIds(7), ...options });
  await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner", policy_refs: [POLICY] });
  await pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer", topics: ["topic.drafts", "topic.news"] });
  await pool.joinRun({ run_id: ODD, agent_id: ODD, topics: [ODD] });
  await pool.suspendUntil("run.writer", { condition_id: "wake.met", filter: { kinds: ["run_message_delivered"] } });
  await pool.suspendUntil("run.writer", { condition_id: "wake.over", filter: { tags: ["t"] }, timeout_millis: 0 });
  await pool.suspendUntil(ODD, { condition_id: "wake.off", filter: { correlation_keys: [ODD] } });
  await pool.cancelWake("wake.off");
  await pool.pollWake("wake.over");
  const everything = {
    idempotency_key: "key.full",
    from: "run.planner",
    to: { topic: "topic.drafts" },
    content_ref: ODD,
    correlation: { entries: [{ key: ODD, value: ODD }] },
    reply_to: ODD,
    expires_at_millis: 1_000,
    policy_refs: [POLICY],
    response_contract: { expected_responses: 2, timeout_millis: 10 },
  } as const;
  await pool.send(everything);
  // Texts of ASCII alone cross to the core more directly.
  await pool.send({ ...everything, idempotency_key: "key.plain", content_ref: "content.full" });
  await pool.send({ from: "run.writer", to: { agent: ODD }, content_ref: "content.a" });
  await pool.send({ from: "run.writer", to: { pool: "pool.a" }, content_ref: "content.b" });
  await pool.send({ from: "run.writer", to: { run: "run.nobody" }, content_ref: "content.c" });
  await pool.send({ from: "run.writer", to: { run: ODD }, content_ref: "content.d", expires_at_millis: 0 });
  for (const status of ["responded", "failed", "timed_out", "expired", "cancelled"] as const) {
    const message = { ...OUTLINE, message_id: `message.${status}` };
    await pool.send(message);
    await pool.recordMessageStatus(message, status, ["run.writer"]);
  }
  await pool.recordMessageStatus({ ...OUTLINE, message_id: "message.unsent" }, "accepted");
  await pool.leaveRun("run.writer");
  await pool.leaveRun(ODD);
  await pool.close();
}

/** Text ports that keep what they get. `objectPorts` keep the objects that they get, as text. */
function textPorts(): { readonly lines: string[]; readonly texts: string[]; readonly ports: Partial<AgentPoolOptions> } {
  const [lines, texts]: [string[], string[]] = [[], []];
  const journal: JournalPort = { appendJson: (line) => `place.${lines.push(line)}` };
  const eventBus: EventBusPort = { publishJson: (text) => texts.push(text) };
  return { lines, texts, ports: { journal, eventBus } };
}

function objectPorts(): ReturnType<typeof textPorts> {
  const [lines, texts]: [string[], string[]] = [[], []];
  const journal = (record: JournalRecord): string => `place.${lines.push(JSON.stringify(record))}`;
  const eventBus = (frame: EventFrame): number => texts.push(JSON.stringify(frame));
  return { lines, texts, ports: { journal, eventBus } };
}

describe("a port that takes text gets, of every kind of record and event,", () => {
  const kindOf = (line: string): string => {
    const record = JSON.parse(line) as JournalRecord;
    return `${record.record_kind} ${told([record])[0]}`;
  };

  it("byte for byte what `JSON.stringify` makes of the object", async () => {
    const [text, object] = [textPorts(), objectPorts()];
    await playEverything(text.ports);
    await playEverything(object.ports);
    expect(text.lines).toEqual(object.lines);
    expect(text.texts).toEqual(object.texts);
    const messages = ["accepted", "delivered", "responded", "failed", "timed_out", "expired", "cancelled"];
    expect(new Set(text.lines.map(kindOf))).toEqual(
      new Set([
        ...["created", "run_joined", "run_left"].map((status) => `agent_pool ${status}`),
        ...messages.map((status) => `run_message ${status}`),
        ...["registered", "triggered", "timed_out", "cancelled"].map((status) => `wake ${status}`),
      ]),
    );
    expect(text.texts).toHaveLength(text.lines.length);
  });

  it("the same if the bus can be asked for its frames, and numbers them itself", async () => {
    const [texts, written]: [string[], string[]] = [[], []];
    const subscribe = (): EventFrame[] => [];
    await playEverything({ eventBus: { publishJson: (text) => texts.push(text), subscribe } });
    await playEverything({ eventBus: { publish: (frame) => written.push(JSON.stringify(frame)), subscribe } });
    expect(texts).toEqual(written);
    expect(texts.every((text) => text.includes('"event_seq":0'))).toBe(true);
  });

  it("one line, fit to be one of a file of JSON lines", async () => {
    const { lines, texts, ports } = textPorts();
    await playEverything(ports);
    for (const line of [...lines, ...texts]) {
      expect(line).toMatch(/^\{.*\}$/su);
      expect(line).not.toMatch(/[\n\r]|\p{Surrogate}/u);
    }
    expect(lines.join("\n").split("\n").map((line) => JSON.parse(line).journal_seq)).toEqual(
      lines.map((_, index) => index + 1),
    );
    expect(lines.some((line) => line.includes(JSON.stringify(ODD)))).toBe(true);
  });
});

it("a number above 2^53-1 is digits in the text", async () => {
  const { lines, texts, ports } = textPorts();
  const pool = await team(ports);
  const filter = { kinds: ["run_failed"] } as const;
  await pool.suspendUntil("run.writer", { filter, timeout_millis: 2n ** 64n - 1n });
  expect(lines.at(-1)).toContain('"timeout_millis":18446744073709551615');
  expect(texts).toHaveLength(lines.length);
});

describe("a journal that takes text", () => {
  it("is an object, whose method is called on it", async () => {
    class Kept implements TextJournal {
      readonly lines: string[] = [];
      appendJson(line: string): string {
        this.lines.push(line);
        return `place.${this.lines.length}`;
      }
    }
    const journal = new Kept();
    const pool = await team({ journal });
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered", journal_cursor: "place.5" });
    expect(told(journal.lines.map((line) => JSON.parse(line)))).toEqual(DELIVERED);
  });

  it.each<[string, () => ReturnType<TextJournal["appendJson"]>, string]>([
    ["a cursor", () => "place", "place"],
    ["a promise of one", async () => "place", "place"],
    ["a promise that takes its time", async () => (await settle(), "place"), "place"],
    ["nothing: the record id is the cursor then", () => undefined, "journal.record.agent_pool.5"],
    ["a promise of nothing", async () => undefined, "journal.record.agent_pool.5"],
  ])("may answer %s", async (_, appendJson, cursor) => {
    const pool = await team({ journal: { appendJson } });
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered", journal_cursor: cursor });
  });

  it("holds up the operations that wait, and what it has not answered is published to nobody", async () => {
    const slow = new Deferred<string>();
    const { lines, texts, ports } = textPorts();
    let isSlow = false;
    const appendJson = (line: string): Promise<string> | undefined => {
      lines.push(line);
      return isSlow ? slow.promise : undefined;
    };
    const pool = await team({ ...ports, journal: { appendJson } });
    isSlow = true;
    const sent = pool.send(OUTLINE);
    await settle();
    expect([lines.length, texts.length]).toEqual([4, 3]);
    isSlow = false;
    slow.resolve("place");
    expect(await sent).toMatchObject({ status: "delivered" });
    expect([lines.length, texts.length]).toEqual([5, 5]);
  });

  it("that calls the pool is refused, as one that takes objects is", async () => {
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: { appendJson: async () => void (await pool.members()) },
    });
    const error = await refusal(pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" }));
    expect(error).toMatchObject({ code: "journal_rejected", cause: { code: "reentrant_call" } });
  });
});

describe("an event bus that takes text", () => {
  it("without `subscribe` has the pool keep the frames, and number them", async () => {
    const { texts, ports } = textPorts();
    const pool = await team(ports);
    await pool.send(OUTLINE);
    const frames = texts.map((text) => JSON.parse(text) as EventFrame);
    expect(frames.map(({ event }) => event.envelope.event_seq)).toEqual([1, 2, 3, 4, 5]);
    const contents = (frames: readonly EventFrame[]): unknown[] => frames.map(({ event }) => event);
    expect(contents(await pool.subscribe().drain())).toEqual(contents(frames));
  });

  it("with `subscribe` answers frames, numbered by itself", async () => {
    class Kept implements TextEventBus {
      readonly texts: string[] = [];
      publishJson(text: string): void {
        this.texts.push(text);
      }
      subscribe(): EventFrame[] {
        return this.texts.map((text, index) => {
          const frame = JSON.parse(text) as EventFrame;
          frame.event.envelope.event_seq = index + 1;
          return frame;
        });
      }
    }
    const eventBus = new Kept();
    const pool = await team({ eventBus });
    await pool.send(OUTLINE);
    const seen = await pool.subscribe().drain();
    expect(seen.map(({ cursor }) => cursor.event_seq)).toEqual([1, 2, 3, 4, 5]);
    expect(kinds(seen)).toEqual(kinds(eventBus.subscribe()));
  });

  it("is one bus to all pools that are given it", async () => {
    const { texts, ports } = textPorts();
    const [pool] = await Promise.all(["pool.one", "pool.two"].map((poolId) => team({ poolId, ...ports })));
    await pool!.flush();
    const numbers = texts.map((text) => (JSON.parse(text) as EventFrame).event.envelope.event_seq);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("gets the frames one at a time and in order, and is not waited for", async () => {
    const taken: string[] = [];
    const slow = new Deferred();
    const publishJson = (text: string): Promise<void> => {
      taken.push(text);
      return slow.promise;
    };
    const pool = await team({ eventBus: { publishJson } });
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    expect(taken).toHaveLength(1);
    slow.resolve();
    await pool.flush();
    expect(taken.map((text) => (JSON.parse(text) as EventFrame).event.envelope.event_seq)).toEqual([1, 2, 3, 4, 5]);
  });
});

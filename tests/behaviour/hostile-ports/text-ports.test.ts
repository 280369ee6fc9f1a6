// Ports that take text cannot do more to a pool than ports that take objects.

import { AgentPool, type AgentPoolError, type TextEventBus, type TextJournal } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, anything, refusal, settle, team, traces } from "../support.js";
import { FAILURES, oddlyBroken, oddlyKept, thenable, untouchable } from "./hostile.js";

const PLANNER = { run_id: "run.planner", agent_id: "agent.planner" };
const NEXT = { ...OUTLINE, message_id: "message.next" };

const NEVER: [string, () => unknown][] = [
  ["never", () => new Promise(() => undefined)],
  ["by something whose `then` never calls back", () => thenable(() => undefined)],
];

describe("a journal that takes text and fails", () => {
  const failed = async (appendJson: () => unknown): Promise<AgentPoolError> => {
    let isFailing = false;
    const lines: string[] = [];
    const pool = await team({
      journal: {
        appendJson: (line) => {
          if (isFailing) return appendJson() as undefined;
          lines.push(line);
          return undefined;
        },
      },
    });
    const before = await traces(pool);
    isFailing = true;
    const error = await refusal(pool.send(OUTLINE));
    expect(error).toMatchObject({ code: "journal_rejected", kind: "JournalFailure", retry: "Retryable" });
    isFailing = false;
    expect(await traces(pool)).toEqual(before);
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    expect(lines.map((line) => JSON.parse(line).journal_seq)).toEqual([1, 2, 3, 4, 5]);
    return error;
  };

  it.each(FAILURES)("by %s has that as the cause, and the pool goes on", async (_, fail, reason) => {
    const error = await failed(fail);
    expect(Object.hasOwn(error, "cause")).toBe(true);
    expect(Object.is(error.cause, reason)).toBe(true);
  });

  const full = new Error("the disk is full");
  it.each(oddlyBroken(full))("by an answer that %s has its reason as the cause", async (_, answer) => {
    expect((await failed(answer)).cause).toBe(full);
  });
});

describe("a journal that takes text and answers", () => {
  it.each(oddlyKept<string | undefined>("place", "elsewhere"))(
    "by something that %s is taken at its first word",
    async (_, appendJson) => {
      const pool = await team({ journal: { appendJson } });
      expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered", journal_cursor: "place" });
    },
  );

  it.each<[string, unknown]>([
    ["a number", 1],
    ["null", null],
    ["an object", { cursor: "journal.1" }],
    ["a list", ["place"]],
    ["an empty text", ""],
    ["a text of 513 bytes", "c".repeat(513)],
    ["a text with a line break", "a\nb"],
    ["half a surrogate pair", "a\ud800"],
    ["a promise of a number", Promise.resolve(1)],
    ["a promise of an object that cannot be touched", Promise.resolve([untouchable()])],
  ])("%s answers garbage: nothing happens", async (_, answer) => {
    const pool = await AgentPool.build({ poolId: "pool.team", journal: { appendJson: () => answer as string } });
    const before = await traces(pool);
    const error = await refusal(pool.joinRun(PLANNER));
    expect(error).toMatchObject({ code: "invalid_port_answer", kind: "HostConfigurationNeeded" });
    expect(error.message).toContain("journal: ");
    expect(await traces(pool)).toEqual(before);
  });

  it.each(NEVER)("%s has the pool's other operations wait, until `close` gets out", async (_, appendJson) => {
    let isStuck = false;
    const pool = await team({ journal: { appendJson: () => (isStuck ? (appendJson() as undefined) : undefined) } });
    isStuck = true;
    const waiting = [pool.send(OUTLINE), pool.members()].map(refusal);
    expect(await Promise.race([...waiting, settle()])).toBeUndefined();
    expect(await refusal(pool.close({ timeoutMillis: 1 }))).toMatchObject({ code: "close_timed_out" });
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: "closed" });
  });
});

describe("a bus that takes text and fails", () => {
  const failed = async (publishJson: () => unknown): Promise<AgentPoolError> => {
    const taken: string[] = [];
    let isFailing = false;
    const pool = await team({ eventBus: { publishJson: (text) => (isFailing ? publishJson() : taken.push(text)) } });
    isFailing = true;
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    const error = await refusal(pool.flush());
    expect(error).toMatchObject({ code: "event_bus_rejected", kind: "TelemetryFailure", retry: "Retryable" });
    expect(await refusal(pool.send(NEXT))).toMatchObject({ code: "event_bus_rejected" });
    isFailing = false;
    await pool.flush();
    expect(taken.map((text) => JSON.parse(text).cursor.event_seq)).toEqual([1, 2, 3, 4, 5]);
    return error;
  };

  it.each(FAILURES)("by %s has that as the cause, and nothing is lost", async (_, fail, reason) => {
    const error = await failed(fail);
    expect(Object.hasOwn(error, "cause")).toBe(true);
    expect(Object.is(error.cause, reason)).toBe(true);
  });

  const down = new Error("the bus is down");
  it.each(oddlyBroken(down))("by an answer that %s has its reason as the cause", async (_, answer) => {
    expect((await failed(answer)).cause).toBe(down);
  });
});

describe("a bus that takes text and answers", () => {
  it.each<[string, () => unknown]>([
    ["with a frozen object", () => Object.freeze({})],
    ["with a text", () => "taken"],
    ...oddlyKept<unknown>(undefined, untouchable()),
  ])("by something that %s gets every frame once, in order", async (_, answer) => {
    const taken: string[] = [];
    const pool = await team({ eventBus: { publishJson: (text) => (taken.push(text), answer()) } });
    await pool.send(OUTLINE);
    await pool.flush();
    await settle();
    expect(taken.map((text) => JSON.parse(text).cursor.event_seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each(NEVER)("%s holds up no operation until its outbox is full, and `close` gets out", async (_, answer) => {
    const taken: string[] = [];
    const publishJson = (text: string): unknown => (taken.push(text), answer());
    const pool = await team({ outboxCapacity: 5, eventBus: { publishJson } });
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    expect(await refusal(pool.send(NEXT))).toMatchObject({ code: "bus_backlogged" });
    const flushed = refusal(pool.flush());
    expect(await refusal(pool.close({ timeoutMillis: 1 }))).toMatchObject({ code: "close_timed_out" });
    expect(await flushed).toMatchObject({ code: "closed" });
    expect(taken).toHaveLength(1);
  });
});

describe("a method that takes text and", () => {
  it("is replaced later is called as it is then", async () => {
    const [first, second]: [string[], string[]] = [[], []];
    const journal: TextJournal = { appendJson: (line) => void first.push(line) };
    const eventBus: TextEventBus = { publishJson: (text) => first.push(text) };
    const pool = await team({ journal, eventBus });
    journal.appendJson = (line) => void second.push(line);
    eventBus.publishJson = (text) => second.push(text);
    await pool.send(OUTLINE);
    expect([first.length, second.length]).toEqual([6, 4]);
  });

  it("is gone when it is called is a failure of the port", async () => {
    const journal: TextJournal = { appendJson: () => undefined };
    const eventBus: TextEventBus = { publishJson: () => undefined };
    const pool = await team({ journal, eventBus });
    eventBus.publishJson = anything(undefined);
    await pool.send(OUTLINE);
    expect(await refusal(pool.flush())).toMatchObject({ code: "event_bus_rejected", cause: expect.any(TypeError) });
    eventBus.publishJson = () => undefined;
    journal.appendJson = anything(undefined);
    expect(await refusal(pool.send(NEXT))).toMatchObject({ code: "journal_rejected", cause: expect.any(TypeError) });
  });

  it.each([
    ["journal", "appendJson"],
    ["journal", "appendBatchJson"],
    ["eventBus", "publishJson"],
  ])("cannot be read is refused when the pool is built: %s.%s", async (port, method) => {
    const cause = new Error("not to be read");
    const good = { appendJson: () => undefined, publishJson: () => undefined };
    const given = Object.defineProperty(port === "journal" ? { appendJson: good.appendJson } : {}, method, {
      get: () => {
        throw cause;
      },
    });
    const error = await refusal(AgentPool.build({ poolId: "pool.team", [port]: given }));
    expect(error).toMatchObject({ code: "invalid_input", cause });
    expect(error.message).toBe(`options.${port}.${method}: cannot be read`);
  });
});

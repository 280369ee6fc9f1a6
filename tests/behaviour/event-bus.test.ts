import {
  AgentPool,
  MemoryEventBus,
  MemoryStore,
  type CompiledEventFilter,
  type EventBus,
  type EventFilterInput,
  type EventFrame,
  type EventKind,
} from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, anything, joinTeam, kinds, refusal, settle, team } from "./support.js";

const TEAM: EventKind[] = ["agent_pool_created", "agent_pool_run_joined", "agent_pool_run_joined"];
const SENT: EventKind[] = [...TEAM, "run_message_accepted", "run_message_delivered"];

describe("an event bus may be", () => {
  it("an object, whose methods are called on it", async () => {
    class Kept implements EventBus {
      readonly frames: EventFrame[] = [];
      publish(frame: EventFrame): void {
        frame.event.envelope.event_seq = this.frames.push(frame);
      }
      subscribe(): EventFrame[] {
        return this.frames;
      }
    }
    const eventBus = new Kept();
    const pool = await team({ eventBus });
    await pool.send(OUTLINE);
    expect(kinds(eventBus.frames)).toEqual(SENT);
    expect(kinds(await pool.subscribe().drain())).toEqual(SENT);
  });

  it("a function: the pool then keeps the frames itself, and numbers them", async () => {
    const frames: EventFrame[] = [];
    const pool = await team({ eventBus: (frame) => frames.push(frame) });
    await pool.send(OUTLINE);
    expect(kinds(frames)).toEqual(SENT);
    expect(frames.map((frame) => frame.cursor.event_seq)).toEqual([1, 2, 3, 4, 5]);
    expect(kinds(await pool.subscribe().drain())).toEqual(SENT);
  });

  it("absent: the pool then has one in memory", async () => {
    const pool = await team();
    await pool.send(OUTLINE);
    expect(kinds(await pool.subscribe().drain())).toEqual(SENT);
  });

  it("the one in memory, made before anything is loaded, with frames of the host's own", async () => {
    const eventBus = new MemoryEventBus();
    const pool = await team({ eventBus });
    const [frame] = await eventBus.frames();
    await eventBus.publish(hostEvent(frame!));
    expect(kinds(await eventBus.frames())).toEqual([...TEAM, "tool_completed"]);
    expect(kinds(await pool.subscribe({ families: ["tool"] }).drain())).toEqual(["tool_completed"]);
  });
});

it("a host's bus can pass on as JSON what it is asked, by a wake too, which asks without bounds", async () => {
  const frames: EventFrame[] = [];
  const asked: CompiledEventFilter[] = [];
  const pool = await team({
    eventBus: {
      publish: (frame) => void (frame.event.envelope.event_seq = frames.push(frame)),
      subscribe: (filter) => {
        asked.push(JSON.parse(JSON.stringify(filter)));
        return frames.slice(0, filter.queue.capacity as number);
      },
    },
  });
  await pool.send(OUTLINE);
  const filter: EventFilterInput = { kinds: ["run_message_delivered"], queue: { capacity: 2 } };
  const wake = await pool.suspendUntil("run.writer", { condition_id: "wake.first", filter });
  expect(wake.status).toBe("triggered");
  await pool.subscribe(filter).drain();
  expect(asked.map(({ queue }) => queue.capacity)).toEqual([Number.MAX_SAFE_INTEGER, 2]);
});

it("the one in memory refuses what is no frame, by its place", async () => {
  const eventBus = new MemoryEventBus();
  const pool = await team({ eventBus });
  const [frame] = await eventBus.frames();
  const cursor = { ...frame!.cursor, event_seq: 2 ** 53 };
  for (const [bad, place] of [
    [undefined, "frame: is missing"],
    [{ ...frame!, cursor }, "frame.cursor.event_seq: is above 2^53-1; pass such a number as a bigint"],
  ] as const) {
    expect(await refusal(eventBus.publish(anything(bad)))).toMatchObject({ code: "invalid_input", message: place });
  }
  await eventBus.publish({ ...hostEvent(frame!), cursor: { ...cursor, event_seq: 2n ** 53n } });
  expect(kinds(await pool.subscribe().drain())).toEqual([...TEAM, "tool_completed"]);
});

it("a store in memory refuses what is no id, by its place", async () => {
  for (const bad of [5, "", "\ud800"]) {
    const { message } = await refusal(new MemoryStore().records(anything(bad)));
    expect(message).toMatch(/^poolId: /);
  }
});

it("is told of nothing before it is in the journal", async () => {
  const seen: string[] = [];
  await team({
    journal: async (record) => {
      await settle();
      seen.push(`journal ${record.event_index.event_kind}`);
    },
    eventBus: (frame) => void seen.push(`bus ${frame.event.envelope.event_kind}`),
  });
  expect(seen).toEqual(TEAM.flatMap((kind) => [`journal ${kind}`, `bus ${kind}`]));
});

it("is not waited for by operations, and gets the frames one at a time and in order", async () => {
  const taken: EventFrame[] = [];
  let slow = new Deferred();
  const pool = await team({
    eventBus: (frame) => {
      taken.push(frame);
      return slow.promise;
    },
  });
  expect((await pool.send(OUTLINE)).status).toBe("delivered");
  expect(taken.length).toBe(1);
  slow.resolve();
  await pool.flush();
  expect(kinds(taken)).toEqual(SENT);
});

it.each<[string, unknown]>([
  ["a number", 5],
  ["null", null],
  ["a text", "taken"],
  ["an object", {}],
  ["a promise of anything", Promise.resolve({})],
  ["something with a `then` that keeps its word", { then: (kept: (value: unknown) => void) => kept(1) }],
])("may answer %s when a frame is published: that is of no interest", async (_, answer) => {
  const pool = await team({ eventBus: () => answer });
  await pool.flush();
  expect((await pool.send(OUTLINE)).status).toBe("delivered");
});

describe("an event bus that fails", () => {
  const down = new Error("the bus is down");

  it.each<[string, () => Promise<never>]>([
    [
      "throwing",
      () => {
        throw down;
      },
    ],
    ["rejecting", () => Promise.reject(down)],
  ])("by %s stops the pool before anything is journaled, and loses nothing", async (_, fail) => {
    const taken: EventFrame[] = [];
    let journaled = 0;
    let isDown = false;
    const pool = await team({
      journal: () => void (journaled += 1),
      eventBus: (frame) => (isDown ? fail() : taken.push(frame)),
    });
    isDown = true;
    // The journal is the truth and the bus is only observation, so this event has happened.
    expect((await pool.send(OUTLINE)).status).toBe("delivered");
    await settle();
    const next = { ...OUTLINE, message_id: "message.next" };
    const error = await refusal(pool.send(next));
    expect(error).toMatchObject({ code: "event_bus_rejected", retry: "Retryable" });
    expect(error.cause).toBe(down);
    expect(await refusal(pool.flush())).toMatchObject({ code: "event_bus_rejected", cause: down });
    expect(journaled).toBe(5);
    expect(await pool.members()).toHaveLength(2);

    isDown = false;
    await pool.send(next);
    expect(kinds(taken)).toEqual([...SENT, "run_message_accepted", "run_message_delivered"]);
  });

  it("is tried again by `flush`, which ends when it has everything", async () => {
    const taken: EventFrame[] = [];
    let isDown = true;
    const pool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: async (frame) => {
        if (isDown) throw down;
        taken.push(frame);
      },
    });
    await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
    await refusal(pool.flush());
    isDown = false;
    await pool.flush();
    expect(kinds(taken)).toEqual(["agent_pool_created", "agent_pool_run_joined"]);
  });

  it("and never answers makes operations fail as backlogged, again before anything is journaled", async () => {
    let journaled = 0;
    const pool = await AgentPool.build({
      poolId: "pool.team",
      journal: () => void (journaled += 1),
      eventBus: () => new Promise(() => undefined),
      outboxCapacity: 4,
    });
    await joinTeam(pool);
    const error = await refusal(pool.send(OUTLINE));
    expect(error).toMatchObject({ code: "bus_backlogged", retry: "Retryable" });
    expect(journaled).toBe(3);
    expect((await pool.snapshot()).messages).toBeUndefined();
  });
});

function hostEvent({ cursor, event }: EventFrame): EventFrame {
  const envelope = {
    ...event.envelope,
    event_id: "event.host",
    event_family: "tool",
    event_kind: "tool_completed",
  } as const;
  return { cursor, event: { ...event, envelope } };
}

it("a bus that says later that it is down stops the pool, whoever calls at once, and nobody overtakes when it is up", async () => {
  let isDown = false;
  let journaled = 0;
  const refused = new Deferred();
  const pool = await team({
    journal: () => void (journaled += 1),
    eventBus: async () => {
      await settle();
      if (!isDown) return;
      refused.resolve();
      throw new Error("down");
    },
  });
  await pool.flush();
  isDown = true;
  await pool.joinRun({ run_id: "run.late", agent_id: "agent.late" });
  await refused.promise;
  await settle();
  const before = journaled;
  const send = (message_id: string, run = "run.writer") => pool.send({ ...OUTLINE, message_id, to: { run } });
  const sent = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => send(`message.${index}`)));
  expect(sent.filter(({ status }) => status === "fulfilled")).toEqual([]);
  expect(journaled).toBe(before);
  isDown = false;
  const joined = pool.joinRun({ run_id: "run.last", agent_id: "agent.last" });
  const [, receipt] = await Promise.all([joined, send("message.last", "run.last")]);
  expect(receipt.status).toBe("delivered");
  await pool.close();
});

it("a frame that the bus refused is tried again by what records something, and not by what only reads", async () => {
  let isDown = false;
  let tried = 0;
  const pool = await team({
    eventBus: () => {
      tried += 1;
      if (isDown) throw new Error("down");
    },
  });
  isDown = true;
  await pool.send(OUTLINE);
  const before = tried;
  await pool.members();
  await pool.snapshot();
  await pool.scopeFilter({});
  await pool.subscribe().drain();
  await pool.watchPool().drain();
  expect(tried).toBe(before);
  await refusal(pool.send({ ...OUTLINE, message_id: "message.second" }));
  expect(tried).toBe(before + 1);
  isDown = false;
  await pool.close();
});

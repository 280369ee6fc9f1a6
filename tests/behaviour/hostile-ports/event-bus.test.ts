import { AgentPool, type AgentPoolError, type EventBus, type EventFrame, type EventKind } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, anything, joinTeam, refusal, settle, team, traces } from "../support.js";
import {
  FAILURES,
  TREATMENTS,
  expectUnmoved,
  oddlyBroken,
  oddlyKept,
  spoil,
  thenable,
  untouchable,
} from "./hostile.js";

const TEAM: EventKind[] = ["agent_pool_created", "agent_pool_run_joined", "agent_pool_run_joined"];
const SENT: EventKind[] = [...TEAM, "run_message_accepted", "run_message_delivered"];
const NEXT = { ...OUTLINE, message_id: "message.next" };

function kinds(frames: readonly EventFrame[]): EventKind[] {
  return frames.map((frame) => frame.event.envelope.event_kind);
}

describe("a bus that answers", () => {
  it.each<[string, () => unknown]>([
    ["at once", () => undefined],
    ["later", async () => settle()],
    ["with an object that cannot be told from a promise but by trying", () => ({ then: 5 })],
    ["with a function", () => () => undefined],
    ["with a frozen object", () => Object.freeze({})],
    ...oddlyKept<unknown>(undefined, untouchable()),
  ])("by something that %s gets every frame once, in order", async (_, answer) => {
    const taken: EventFrame[] = [];
    const pool = await team({
      eventBus: (frame) => {
        taken.push(frame);
        return answer();
      },
    });
    await pool.send(OUTLINE);
    await pool.flush();
    await settle();
    expect(kinds(taken)).toEqual(SENT);
  });

  it.each<[string, () => unknown]>([
    ["never", () => new Promise(() => undefined)],
    ["by something whose `then` never calls back", () => thenable(() => undefined)],
  ])("%s holds up no operation until its outbox is full, and `close` gets out", async (_, answer) => {
    let taken = 0;
    const pool = await team({
      outboxCapacity: 5,
      eventBus: () => {
        taken += 1;
        return answer();
      },
    });
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    expect(await refusal(pool.send(NEXT))).toMatchObject({ code: "bus_backlogged" });
    expect(await pool.members()).toHaveLength(2);
    const flushed = refusal(pool.flush());
    expect(await refusal(pool.close({ timeoutMillis: 1 }))).toMatchObject({ code: "close_timed_out" });
    expect(await flushed).toMatchObject({ code: "closed" });
    expect(taken).toBe(1);
  });
});

describe("a bus that fails", () => {
  const failed = async (publish: () => unknown): Promise<AgentPoolError> => {
    const taken: EventFrame[] = [];
    let isFailing = false;
    const pool = await team({ eventBus: (frame) => (isFailing ? publish() : taken.push(frame)) });
    isFailing = true;
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    const error = await refusal(pool.flush());
    expect(error).toMatchObject({ code: "event_bus_rejected", kind: "TelemetryFailure", retry: "Retryable" });
    expect(await refusal(pool.send(NEXT))).toMatchObject({ code: "event_bus_rejected" });
    isFailing = false;
    await pool.flush();
    expect(kinds(taken)).toEqual(SENT);
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

describe("a bus that calls the pool", () => {
  it("in its `then` and waits for it does not wait for itself", async () => {
    const members: number[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: () =>
        thenable<undefined>((fulfil, reject) => {
          pool.members().then((those) => {
            members.push(those.length);
            fulfil(undefined);
          }, reject);
        }),
    });
    await joinTeam(pool);
    await pool.flush();
    expect(members).toHaveLength(3);
  });

  it("to close it, after it was called, has everything published first", async () => {
    const taken: EventFrame[] = [];
    const closed: Promise<void>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: async (frame) => {
        await settle();
        taken.push(frame);
        if (taken.length === 1) closed.push(pool.close());
      },
    });
    await joinTeam(pool);
    await settle();
    await closed[0];
    expect(kinds(taken)).toEqual(TEAM);
    expect(await refusal(pool.members())).toMatchObject({ code: "closed" });
  });
});

describe("what a bus was given is its own:", () => {
  const story = async (publish: EventBus["publish"]): Promise<unknown> => {
    const pool = await team({ eventBus: publish, clock: () => 0 });
    await pool.suspendUntil("run.writer", { condition_id: "wake.w", filter: { kinds: ["run_message_delivered"] } });
    await pool.send(OUTLINE);
    await pool.suspendUntil("run.planner", { condition_id: "wake.p", filter: { kinds: ["run_message_accepted"] } });
    return [await traces(pool), await pool.pollWake("wake.w"), await pool.pollWake("wake.p")];
  };

  it.each(TREATMENTS)("%s changes nothing", (_, treat) => expectUnmoved(story, treat));

  it("a frame that was spoilt and then refused is given anew", async () => {
    const taken: EventFrame[] = [];
    let isDown = true;
    const pool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: (frame) => {
        if (!isDown) return taken.push(frame);
        spoil(frame);
        throw new Error("the bus is down");
      },
    });
    await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
    isDown = false;
    await pool.flush();
    expect(kinds(taken)).toEqual(["agent_pool_created", "agent_pool_run_joined"]);
  });
});

describe("a bus whose `publish`", () => {
  it("is replaced later is called as it is then", async () => {
    const [first, second]: [EventFrame[], EventFrame[]] = [[], []];
    const eventBus: EventBus = { publish: (frame) => first.push(frame) };
    const pool = await team({ eventBus });
    eventBus.publish = (frame) => second.push(frame);
    await pool.send(OUTLINE);
    expect([kinds(first), kinds(second)]).toEqual([TEAM, SENT.slice(3)]);
  });

  it("is gone when it is called is a failure of the bus", async () => {
    const eventBus: EventBus = { publish: () => undefined };
    const pool = await team({ eventBus });
    eventBus.publish = anything(undefined);
    await pool.send(OUTLINE);
    expect(await refusal(pool.flush())).toMatchObject({ code: "event_bus_rejected", cause: expect.any(TypeError) });
  });

  it.each(["publish", "subscribe"] as const)(
    "(or `subscribe`) cannot be read is refused when the pool is built: %s",
    async (method) => {
      const cause = new Error("not to be read");
      const eventBus = Object.defineProperty({ publish: () => undefined }, method, {
        get: () => {
          throw cause;
        },
      });
      const error = await refusal(AgentPool.build({ poolId: "pool.team", eventBus }));
      expect(error).toMatchObject({ code: "invalid_input", cause });
      expect(error.message.startsWith(`options.eventBus.${method}: `)).toBe(true);
    },
  );
});

it("a bus that two pools share is held up for one and not for the other", async () => {
  const taken: EventFrame[] = [];
  const slow = new Deferred();
  const eventBus = {
    publish: (frame: EventFrame) => {
      taken.push(frame);
      return frame.event.envelope.event_id.includes("pool.one") ? slow.promise : undefined;
    },
  };
  const pools = await Promise.all(["pool.one", "pool.two"].map((poolId) => team({ poolId, eventBus })));
  await pools[1]!.send(OUTLINE);
  const ofPool = (name: string): EventKind[] =>
    kinds(taken.filter((frame) => frame.event.envelope.event_id.includes(name)));
  expect([ofPool("pool.one"), ofPool("pool.two")]).toEqual([TEAM.slice(0, 1), SENT]);
  slow.resolve();
  await pools[0]!.close();
  expect([ofPool("pool.one"), ofPool("pool.two")]).toEqual([TEAM, SENT]);
  expect(await pools[1]!.send(NEXT)).toMatchObject({ status: "delivered" });
});

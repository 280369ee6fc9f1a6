// What a handle holds, and that it lets go of that when it is closed.

import { AgentPool, type AgentPoolOptions, type EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, refusal, team } from "./support.js";

const never = (): Promise<never> => new Promise(() => undefined);

it.each<[string, (pool: AgentPool) => Promise<unknown>]>([
  ["answered at once", (pool) => pool.send(OUTLINE)],
  ["refused at once", (pool) => refusal(pool.send({ ...OUTLINE, from: "run.nobody" }))],
  ["not plain", (pool) => pool.send({ ...OUTLINE, content_ref: "ü" })],
])("a send that was %s does not keep `close` with a limit waiting", async (_, send) => {
  const pool = await team();
  await send(pool);
  await pool.close({ timeoutMillis: 0 });
});

describe("a bus of the host's whose frames the pool keeps is forgotten with its last pool", () => {
  /** The runs whose events a new pool on the bus sees. */
  async function seen(eventBus: AgentPoolOptions["eventBus"]): Promise<Set<string>> {
    const pool = await AgentPool.build({ poolId: "pool.later", eventBus });
    for (const name of ["planner", "writer"]) await pool.joinRun({ run_id: `run.${name}`, agent_id: "agent.later" });
    const frames: EventFrame[] = await pool.subscribe().drain();
    await pool.close();
    return new Set(frames.map(({ event }) => event.envelope.agent_id));
  }

  it("and not before", async () => {
    const eventBus = (): void => undefined;
    const [first, last] = [await team({ eventBus }), await team({ eventBus })];
    await first.close();
    expect(await seen(eventBus)).toContain("agent.planner");
    await last.close();
    expect(await seen(eventBus)).toEqual(new Set(["agent.later"]));
  });

  it("also if that was given up with a send under way", async () => {
    let isStuck = false;
    const eventBus = (): void => undefined;
    const pool = await team({ eventBus, journal: () => (isStuck ? never() : undefined) });
    isStuck = true;
    const sent = refusal(pool.send(OUTLINE));
    await refusal(pool.close({ timeoutMillis: 0 }));
    await sent;
    expect(await seen(eventBus)).toEqual(new Set(["agent.later"]));
  });

  it("also if a `close` with a limit failed, which is final", async () => {
    let isDown = false;
    const eventBus = (): void => {
      if (isDown) throw new Error("the bus is down");
    };
    const pool = await team({ eventBus });
    isDown = true;
    await pool.send(OUTLINE);
    expect(await refusal(pool.close({ timeoutMillis: 60_000 }))).toMatchObject({ code: "event_bus_rejected" });
    isDown = false;
    expect(await seen(eventBus)).toEqual(new Set(["agent.later"]));
  });

  it("also if the pool could not be built", async () => {
    const eventBus = (): void => undefined;
    await refusal(AgentPool.build({ poolId: "", eventBus }));
    const pool = await team({ eventBus });
    await pool.close();
    expect(await seen(eventBus)).toEqual(new Set(["agent.later"]));
  });
});

// What a host is given is its own to change. Nothing that comes later is affected.

import { AgentPool, logicalClock } from "agent-pool";
import { expect, it } from "vitest";

import { OUTLINE, team } from "./support.js";

/** Deletes everything in an object. */
function spoil(given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  Object.values(given).forEach(spoil);
  if (Array.isArray(given)) given.length = 0;
  else for (const name of Object.keys(given)) Reflect.deleteProperty(given, name);
}

/** What the ports and the callers of a pool get, from hosts that spoil their objects or do not. */
async function told(spoils: boolean, answersLater: boolean): Promise<string[]> {
  const texts: string[] = [];
  const take = (given: unknown): void => {
    texts.push(JSON.stringify(given));
    if (spoils) spoil(given);
  };
  const port = (given: unknown) => (answersLater ? Promise.resolve(take(given)) : take(given));
  const pool = await AgentPool.build({
    poolId: "pool.team",
    clock: logicalClock(),
    journal: { append: port },
    eventBus: { publish: port },
  });
  for (const name of ["a", "b", "c"]) {
    await pool.joinRun({
      run_id: `run.${name}`,
      agent_id: `agent.${name}`,
      topics: ["topic.all"],
      policy_refs: ["policy.a"],
    });
  }
  await pool.suspendUntil("run.c", {
    condition_id: "condition.1",
    idempotency_key: "condition.1",
    filter: { kinds: ["run_message_delivered"] },
  });
  const addresses = [{ run: "run.b" }, { topic: "topic.all" }, { agent: "agent.c" }, { pool: "pool.team" }, { run: "run.x" }];
  const optional = () => ({
    correlation: { entries: [{ key: "k", value: "v" }] },
    reply_to: "message.z",
    policy_refs: ["policy.a"],
  });
  for (const [index, to] of [...addresses, ...addresses].entries()) {
    const message = { message_id: `message.${index}`, from: "run.a", to, content_ref: `content.${index}` };
    const given = index < addresses.length ? message : { ...message, ...optional() };
    for (const _ of ["once", "again"]) take(await pool.send({ ...given }));
  }
  take(await pool.snapshot());
  await pool.close();
  return texts;
}

it.each([false, true])("objects are the host's to change (ports that answer later: %s)", async (answersLater) => {
  const spoiled = await told(true, answersLater);
  expect(spoiled.length).toBeGreaterThan(30);
  expect(spoiled).toEqual(await told(false, answersLater));
});

it("objects have no member that is `undefined`, which JSON would leave out", async () => {
  const given: unknown[] = [];
  const take = (object: unknown): void => void given.push(object);
  const pool = await team({ journal: { append: take }, eventBus: { publish: take } });
  given.push(await pool.send(OUTLINE));
  given.push(await pool.send({ ...OUTLINE, message_id: "message.failed", to: { run: "run.nobody" } }));
  const { message_id: _, ...unnamed } = OUTLINE;
  for (const more of [{ reply_to: "message.z" }, { policy_refs: [] }, { correlation: { entries: [] } }]) {
    given.push(await pool.send({ ...unnamed, ...more }));
  }
  await pool.suspendUntil("run.writer", { timeout_millis: 0 });
  await pool.close();
  expect(given.length).toBeGreaterThan(20);
  expect(given).toStrictEqual(JSON.parse(JSON.stringify(given)));
});

import { AgentPool, type AgentPoolOptions, type EventFilterInput } from "agent-pool";
import { beforeAll, describe, expect, it } from "vitest";

import { OUTLINE, anything, expectRefused, refusal, team } from "./support.js";

let pool: AgentPool;
beforeAll(async () => {
  pool = await team();
  await pool.send(OUTLINE);
});

describe("what the wire does not know is refused by its place", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["filter.kinds[1]", () => pool.subscribe({ kinds: ["run_started", anything("nonsense")] }).drain()],
    ["filter.run_ids", () => pool.subscribe({ run_ids: anything("Any") }).drain()],
    ["filter.run_ids", () => pool.subscribe({ run_ids: anything({ exclude: [] }) }).drain()],
    ["filter.queue.overflow", () => pool.subscribe({ queue: { overflow: anything("drop") } }).drain()],
    ["filter.terminal_only", () => pool.scopeFilter({ terminal_only: anything("yes") })],
    ["filter", () => pool.compileScopedFilter(anything([]) as EventFilterInput)],
    ["cursor", () => pool.subscribe({}, { cursor: anything({}) }).drain()],
    ["cursor", () => pool.subscribe({}, { cursor: anything("event.1") }).drain()],
    [
      "cursor.scope",
      () => pool.subscribe({}, { cursor: anything({ scope: "pool", event_seq: 1, event_id: "e" }) }).drain(),
    ],
    ["cursor", () => pool.watchPool(anything({})).drain()],
    ["options.from", () => pool.subscribe({}, anything({ from: 1 })).drain()],
    ["status", () => pool.recordMessageStatus(OUTLINE, anything("unheard"))],
    ["message", () => pool.send(anything({ from: "run.planner", to: { run: "run.writer" } }))],
    ["message.to", () => pool.send({ ...OUTLINE, to: anything({ run: "run.writer", topic: "topic.drafts" }) })],
    ["message.to", () => pool.send({ ...OUTLINE, to: anything("run.writer") })],
    ["message.to.target.type", () => pool.send({ ...OUTLINE, to: anything({ target: { type: "all" } }) })],
    ["message.policy_refs[0].kind", () => pool.send({ ...OUTLINE, policy_refs: [anything({ kind: "law", id: "p" })] })],
    [
      "message.correlation.entries[0]",
      () => pool.send({ ...OUTLINE, correlation: { entries: [anything({ key: "k" })] } }),
    ],
    ["condition.resume_with", () => pool.suspendUntil("run.writer", { resume_with: anything("nothing") })],
    ["member", () => pool.joinRun(anything(["run.x", "agent.x"]))],
    ["cursor", () => pool.watchPool(anything([0])).drain()],
    ["member.policy_refs", () => pool.joinRun({ run_id: "r", agent_id: "a", policy_refs: anything("p") })],
    ["frame.event", () => pool.observe(anything({ event: {} }))],
  ])("%s", async (place, operation) => {
    await expectRefused(pool, operation, place);
  });

  it("without repeating what the caller wrote, which may be private", async () => {
    const error = await refusal(pool.subscribe({ kinds: [anything("private matters")] }).drain());
    expect(error.message).not.toContain("private");
  });
});

describe("options are refused by their place, and no pool is opened", () => {
  const build = (options: unknown) => () =>
    AgentPool.build(anything({ poolId: "pool.x", ...Object(options) }) as AgentPoolOptions);
  const f = (): undefined => undefined;
  it.each<[string, unknown, string]>([
    ["unknown", { jurnal: () => undefined }, "options.jurnal"],
    ["journals that are not callable", { journal: "db" }, "options.journal"],
    ["journals without append", { journal: { appnd: () => undefined } }, "options.journal"],
    ["journals that are null", { journal: null }, "options.journal"],
    [
      "buses whose subscribe cannot be called",
      { eventBus: { publish: () => 1, subscribe: [] } },
      "options.eventBus.subscribe",
    ],
    ["journals whose appendJson cannot be called", { journal: { appendJson: "file" } }, "options.journal.appendJson"],
    ["journals that take objects and text", { journal: { append: f, appendJson: f } }, "options.journal"],
    ["journals that take objects, and text in batches", { journal: { append: f, appendBatchJson: f } }, "options.journal"],
    ["journals that take text, and objects in batches", { journal: { appendJson: f, appendBatch: f } }, "options.journal"],
    ["journals that take nothing but batches", { journal: { appendBatch: f } }, "options.journal"],
    [
      "journals whose appendBatch cannot be called",
      { journal: { append: f, appendBatch: 64 } },
      "options.journal.appendBatch",
    ],
    ["buses that take objects and text", { eventBus: { publish: f, publishJson: f } }, "options.eventBus"],
    ["buses that answer frames and take none", { eventBus: { subscribe: () => [] } }, "options.eventBus"],
    ["clocks without now", { clock: {} }, "options.clock"],
    ["clocks that are null", { clock: null }, "options.clock"],
    ["clocks whose now cannot be called", { clock: { now: 5 } }, "options.clock"],
    ["clocks that stand at a number", { clock: 5 }, "options.clock"],
    ["ids that are a list", { ids: ["a", "b"] }, "options.ids"],
    ["launchers without start", { runLauncher: {} }, "options.runLauncher"],
    ["stores of another make", { store: new Map() }, "options.store"],
    ["policies of another shape", { messagePolicy: [] }, "options.messagePolicy"],
    ["policies that refer to nothing", { policyRefs: [{}] }, "options.policyRefs[0]"],
    ["policies with other words", { wakePolicy: { envelope_only: "yes" } }, "options.wakePolicy.envelope_only"],
    ["ways to match that there are not", { wakeMatching: "never" }, "options.wakeMatching"],
    ["capacities below nothing", { outboxCapacity: -1 }, "options.outboxCapacity"],
  ])("%s", async (_, options, place) => {
    await expectRefused(pool, build(options), place);
  });

  it("so that they say which methods are in each other's way", async () => {
    class Journal {
      append(): void {}
      appendJson(): void {}
    }
    expect(await refusal(build({ journal: new Journal() })())).toMatchObject({
      message: "options.journal: has both append and appendJson; a port takes either objects or text",
    });
  });

  it.each<[unknown, string]>([
    [{ clock: {} }, "options.clock: is neither a function nor an object with a method now"],
    [{ ids: {} }, "options.ids: is neither a function nor an object with a method next"],
    [{ journal: {} }, "options.journal: is neither a function nor an object with a method append or appendJson"],
    [{ eventBus: 1 }, "options.eventBus: is neither a function nor an object with a method publish or publishJson"],
    [{ journal: { append: 1 } }, "options.journal.append: is not a function"],
    [{ store: {} }, "options.store: is not a MemoryStore"],
  ])("so that they say what %j lacks", async (options, message) => {
    expect(await refusal(build(options)())).toMatchObject({ message });
  });

  it("also where they cannot be read", async () => {
    const cause = new Error("locked");
    const journal = Object.defineProperty({}, "append", {
      get: () => {
        throw cause;
      },
    });
    expect(await refusal(build({ journal })())).toMatchObject({
      message: "options.journal.append: cannot be read",
      cause,
    });
  });
});

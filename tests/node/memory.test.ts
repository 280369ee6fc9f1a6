import { expectLevel, IN_FULL, reading } from "./memory-reading.js";

import { AgentPool, logicalClock, type AgentPoolOptions, type PoolStream } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, anything, joinTeam, refusal, team } from "../behaviour/support.js";

const TIMEOUT = { timeout: IN_FULL ? 1_800_000 : 120_000 };
const never = (): Promise<never> => new Promise(() => undefined);

const PORTS: AgentPoolOptions = {
  poolId: "pool.team",
  journal: async () => undefined,
  clock: logicalClock(),
  ids: () => "id",
  runLauncher: () => ({}),
};

/** The life of a pool that does a little of everything, and then is ended by `end`. */
async function life(options: Partial<AgentPoolOptions>, end: (pool: AgentPool) => Promise<unknown>): Promise<void> {
  const pool = await AgentPool.build({ ...PORTS, eventBus: () => undefined, ...options });
  await joinTeam(pool);
  await pool.startRun({ run_id: "run.started", agent_id: "agent.started", input: {} });
  await pool.send(OUTLINE);
  await refusal(pool.send(anything({})));
  await pool.suspendUntil("run.writer", { condition_id: "wake.w" });
  await pool.subscribe().drain();
  for await (const _ of pool.subscribe()) break;
  const read = [readToTheEnd(pool.subscribe()), readToTheEnd(pool.watchPool())];
  await end(pool);
  await Promise.all(read);
}

async function readToTheEnd(stream: PoolStream<unknown>): Promise<void> {
  for await (const _ of stream);
}

describe("gives back all that it took:", () => {
  it.each<[string, () => Promise<void>]>([
    ["a pool that was closed", () => life({}, (pool) => pool.close())],
    [
      "a pool that was closed with a journal that never answers",
      () => {
        let isStuck = false;
        return life({ journal: () => (isStuck ? never() : undefined) }, async (pool) => {
          isStuck = true;
          const waiting = [pool.send({ ...OUTLINE, message_id: "message.stuck" }), pool.members()].map(refusal);
          await refusal(pool.close({ timeoutMillis: 0 }));
          await Promise.all(waiting);
        });
      },
    ],
    [
      "a pool that was closed with a bus that never answers",
      () => life({ eventBus: () => never() }, (pool) => refusal(pool.close({ timeoutMillis: 0 }))),
    ],
    [
      "a pool that was closed with a launcher that never answers",
      () => {
        let isStuck = false;
        return life({ runLauncher: () => (isStuck ? never() : {}) }, async (pool) => {
          isStuck = true;
          const started = refusal(pool.startRun({ run_id: "run.a", agent_id: "agent.a", input: {} }));
          await refusal(pool.close({ timeoutMillis: 0 }));
          await started;
        });
      },
    ],
    ["a pool that was forgotten, with ports of its own", async () => void (await team())],
  ])("%s", TIMEOUT, async (_, live) => {
    const lives = async (count: number): Promise<{ memory: number; references: number }> => {
      for (let lived = 0; lived < count; lived += 1) {
        await live();
        // Collected pools are noticed now and then, as in a host that does other things too.
        if (lived % 25 === 24) await reading();
      }
      const { memory, references } = await reading();
      return { memory, references };
    };
    const after = await lives(50);
    expect(await lives(200)).toEqual(after);
  });
});

describe("readings of one pool that were begun leave nothing", () => {
  const readings = (IN_FULL ? 100_000 : 10_000) / 8;

  it.each<[string, (pool: AgentPool) => Promise<unknown>]>([
    [
      "once they are returned from",
      async (pool) => {
        const reading = pool.subscribe({ kinds: ["agent_pool_created"] })[Symbol.asyncIterator]();
        await reading.next();
        await reading.return();
      },
    ],
    [
      "once they are returned from while they wait",
      async (pool) => {
        const reading = pool.subscribe({ kinds: ["run_failed"] })[Symbol.asyncIterator]();
        const waiting = reading.next();
        await reading.return();
        await waiting;
      },
    ],
    [
      "once they are aborted",
      async (pool) => {
        const abort = new AbortController();
        const waiting = pool.watchPool({ sequence: 1_000 }, { signal: abort.signal })[Symbol.asyncIterator]().next();
        abort.abort();
        await waiting;
      },
    ],
    [
      "once they are forgotten",
      async (pool) => {
        await pool.subscribe()[Symbol.asyncIterator]().next();
        await pool.watchPool()[Symbol.asyncIterator]().next();
      },
    ],
  ])("%s", TIMEOUT, async (_, read) => {
    const pool = await team();
    await expectLevel(8, readings, async () => {
      for (let begun = 0; begun < readings; begun += 1) {
        await read(pool);
        // Collected readings are noticed in a turn of their own.
        if (begun % 500 === 499) await reading();
      }
    });
    await pool.close();
  });
});

it("inputs that are rejected leave nothing", TIMEOUT, async () => {
  const pool = await team();
  const rejected: (() => Promise<unknown>)[] = [
    () => pool.send(anything(null)),
    () => pool.send(anything({ ...OUTLINE, to: { run: "" } })),
    () => pool.send(anything({ ...OUTLINE, content_ref: "a\nb" })),
    () => pool.send(anything({ ...OUTLINE, message_id: "x".repeat(513) })),
    () => pool.send({ ...OUTLINE, from: "run.nobody" }),
    () => pool.joinRun(anything({ run_id: "\ud800", agent_id: "agent.a" })),
    () => pool.leaveRun("run.nobody"),
    () => pool.recordMessageStatus(OUTLINE, anything("eaten")),
    () => pool.suspendUntil("run.writer", anything({ filter: { kinds: ["no_such_kind"] } })),
    () => pool.pollWake("wake.none"),
    () => pool.subscribe(anything({ families: 5 })).drain(),
    () => pool.watchPool({ sequence: -1 }).drain(),
    () => pool.observe(anything({})),
    () => AgentPool.build(anything({ poolId: "" })),
    () => AgentPool.build(anything({ poolId: "pool.team", messagePolicy: { required_policy_refs: [{}] } })),
  ];
  const rounds = IN_FULL ? 1_000_000 / 8 : 100_000 / 8;
  await expectLevel(8, rounds, async () => {
    for (let given = 0; given < rounds; given += 1) {
      const input = rejected[given % rejected.length]!;
      const error = await input().catch((error: unknown) => error);
      if (!(error instanceof Error)) throw new Error(`accepted: ${String(input)}`);
    }
  });
  expect(await pool.members()).toHaveLength(2);
  await pool.close();
});

it("calls from within a port's leave nothing", TIMEOUT, async () => {
  const inner = await team();
  const refused: Promise<unknown>[] = [];
  const outer = await team({
    eventBus: {
      publish: () => undefined,
      subscribe: () => {
        refused.push(refusal(inner.leaveRun("run.nobody")));
        return [];
      },
    },
  });
  const calls = (IN_FULL ? 1_000_000 : 40_000) / 8;
  await expectLevel(8, calls, async () => {
    for (let called = 0; called < calls; called += 1) await outer.subscribe().drain();
    await Promise.all(refused);
    refused.length = 0;
  });
  await Promise.all([inner.close(), outer.close()]);
});

it("a reading keeps nothing that it gave", async () => {
  const pool = await team();
  const iterator = pool.watchPool()[Symbol.asyncIterator]();
  const given = await iterator.next().then(({ value }) => new WeakRef(value!));
  await reading();
  expect(given.deref()).toBeUndefined();
  await iterator.return();
  await pool.close();
});

// This test must be the last: its use of the wasm memory would hide what other tests keep.
it("pools that were built, used and closed leave nothing", TIMEOUT, async () => {
  const sends = IN_FULL ? 5_000 : 200;
  await expectLevel(8, 25, async () => {
    for (let built = 0; built < 25; built += 1) {
      const pool = await team();
      for (let sent = 0; sent < sends; sent += 1) {
        await pool.send({ ...OUTLINE, message_id: `message.${sent}` });
      }
      await pool.close();
    }
  });
});

// What a host passes when it builds a pool, and what its callbacks are given.

import {
  AgentPool,
  AgentPoolError,
  load,
  logicalClock,
  MemoryEventBus,
  MemoryJournal,
  MemoryStore,
  seededIds,
  type AgentPoolOptions,
  type CompiledEventFilter,
  type ErrorCode,
  type EventCursor,
  type EventFrame,
  type JournalRecord,
  type RunRequest,
} from "agent-pool";
import { expectTypeOf, test } from "vitest";

const poolId = "pool.a";

test("callbacks know what they are given", () => {
  void AgentPool.build({
    poolId,
    journal: { append: (record) => void expectTypeOf(record).toEqualTypeOf<JournalRecord>() },
    eventBus: {
      publish: (frame) => expectTypeOf(frame).toEqualTypeOf<EventFrame>(),
      subscribe: (filter, cursor) => {
        expectTypeOf(filter).toEqualTypeOf<CompiledEventFilter>();
        expectTypeOf(cursor).toEqualTypeOf<EventCursor | undefined>();
        return [];
      },
    },
    runLauncher: { start: (request) => expectTypeOf(request).toEqualTypeOf<RunRequest>() },
  });
  void AgentPool.build({
    poolId,
    journal: (record) => record.record_id,
    eventBus: (frame) => expectTypeOf(frame).toEqualTypeOf<EventFrame>(),
  });
});

test("a port may be a function, an object, or one of the package's own", () => {
  void AgentPool.build({
    poolId,
    journal: new MemoryJournal(),
    eventBus: new MemoryEventBus(),
    store: new MemoryStore(),
    clock: logicalClock(),
    ids: seededIds(1),
  });
  void AgentPool.build({ poolId, journal: async () => undefined, clock: () => 0, ids: () => "id.a" });
  void AgentPool.build({ poolId, clock: { now: () => 0 }, ids: { next: () => "id.a" } });
});

test("a journal answers a cursor, a promise of one, or nothing", () => {
  void AgentPool.build({ poolId, journal: () => {} });
  void AgentPool.build({ poolId, journal: () => Promise.resolve("row.1") });
  // @ts-expect-error: a number is no cursor.
  void AgentPool.build({ poolId, journal: () => 5 });
  // @ts-expect-error: nor is an object.
  void AgentPool.build({ poolId, journal: { append: async () => ({ row: 1 }) } });
});

test("a bus answers frames in any iterable", () => {
  const publish = () => {};
  void AgentPool.build({ poolId, eventBus: { publish, subscribe: async () => new Set<EventFrame>() } });
  void AgentPool.build({
    poolId,
    eventBus: {
      publish,
      async *subscribe() {
        yield* [] as EventFrame[];
      },
    },
  });
  // @ts-expect-error: a single frame is not a list.
  void AgentPool.build({ poolId, eventBus: { publish, subscribe: (): EventFrame => ({}) as EventFrame } });
});

test("what the launcher answers is what startRun answers", async () => {
  class Session {
    readonly started = true;
  }
  const pool = await AgentPool.build({ poolId, runLauncher: async () => new Session() });
  expectTypeOf(pool).toEqualTypeOf<AgentPool<Session>>();
  const started = pool.startRun({ run_id: "run.a", agent_id: "agent.a", input: new Map() });
  expectTypeOf(started).resolves.toEqualTypeOf<Session>();
});

test("options that there are not are refused, and none but the pool's id is needed", () => {
  expectTypeOf<{ poolId: string }>().toExtend<AgentPoolOptions>();
  // @ts-expect-error: misspelt.
  void AgentPool.build({ poolId, jurnal: () => {} });
  // @ts-expect-error: the id is missing.
  void AgentPool.build({});
  // @ts-expect-error: a clock returns numbers.
  void AgentPool.build({ poolId, clock: () => new Date() });
  // @ts-expect-error: only the package's own store is a store.
  void AgentPool.build({ poolId, store: new Map() });
  // @ts-expect-error: no such matching.
  void AgentPool.build({ poolId, wakeMatching: "always" });
  // @ts-expect-error: pools come from `build`, not from the constructor.
  new AgentPool();
});

test("the module may come from anywhere", () => {
  void load({ wasm: "/agent_pool_bg.wasm" });
  void load({ wasm: new URL("https://example.org/agent_pool_bg.wasm") });
  void load({ wasm: fetch("/agent_pool_bg.wasm") });
  void load({ wasm: new Uint8Array() });
  void load({ wasm: WebAssembly.compile(new ArrayBuffer()) });
  // @ts-expect-error: a number is not a source.
  void load({ wasm: 5 });
});

test("an error's code is one of the known words, and what a port threw is unknown", () => {
  const see = (error: unknown): ErrorCode | undefined => {
    if (!(error instanceof AgentPoolError)) return undefined;
    expectTypeOf(error.cause).toBeUnknown();
    expectTypeOf(error.ids.message_id).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: no such code.
    if (error.code === "journal_failed") return undefined;
    // @ts-expect-error: errors are read-only.
    error.code = "closed";
    return error.code;
  };
  expectTypeOf(see).toBeFunction();
});

import { AgentPool, AgentPoolError, MemoryJournal, load } from "agent-pool-panic-probe";
import { expect } from "vitest";

import { settle, take } from "../behaviour/support.js";

/** Members of the test build's core that the declarations, which are the real package's, do not have. */
interface ProbedPool {
  panicProbe(later: boolean): unknown;
  call(operation: number, ...texts: string[]): unknown;
}

/**
 * Makes `flush` panic instead of its work: at once, or in a later turn of the event loop.
 *
 * A panic ends the core for good, so each test file has only one, and a process of its own.
 */
export async function makeFlushPanic(later: boolean): Promise<void> {
  const glue = new URL("../../pkg/dist-panic-probe/wasm/agent_pool.js", import.meta.url).href;
  const { Operation, WasmPool } = (await import(/* @vite-ignore */ glue)) as {
    Operation: { readonly Flush: number };
    WasmPool: { prototype: ProbedPool };
  };
  const { call } = WasmPool.prototype;
  WasmPool.prototype.call = function (this: ProbedPool, operation, ...texts) {
    return operation === Operation.Flush ? this.panicProbe(later) : call.call(this, operation, ...texts);
  };
}

/** The error of an operation that must fail with `panicked`. */
export async function panics(operation: Promise<unknown>): Promise<AgentPoolError> {
  const error: unknown = await operation.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(AgentPoolError);
  expect(error).toMatchObject({ code: "panicked", kind: "RecoveryRepairNeeded", retry: "RepairNeeded" });
  return error as AgentPoolError;
}

/** A pool with operations that wait for its journal, and still will when the panic comes. */
export async function busyPool(): Promise<{ pool: AgentPool; waiting: Promise<unknown>; answer: () => void }> {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const pool = await AgentPool.build({ poolId: "pool.busy", journal: () => answered });
  const waiting = Promise.all([
    panics(pool.joinRun({ run_id: "run.a", agent_id: "agent.a" })),
    panics(pool.joinRun({ run_id: "run.b", agent_id: "agent.b" })),
    panics(pool.subscribe()[Symbol.asyncIterator]().next()),
    panics(pool.close()),
  ]);
  await settle();
  return { pool, waiting, answer };
}

/** Readers of a pool that still wait when the panic comes. Every waiting call fails, and then the reading is over. */
export async function busyReaders(pool: AgentPool): Promise<{ told: Promise<unknown> }> {
  const told = [pool.subscribe(), pool.watchPool()].map(async (stream) => {
    const there = await stream.drain();
    const reading: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
    await take(reading, there.length);
    await Promise.all([panics(reading.next()), panics(reading.next())]);
    expect(await reading.next()).toEqual({ done: true, value: undefined });
  });
  await settle();
  return { told: Promise.all(told) };
}

/** Checks that every call after a panic fails with `panicked`, and that a port's later answer has no effect. */
export async function expectOff(pools: AgentPool[], answer: () => void): Promise<void> {
  for (const pool of pools) {
    await panics(pool.members());
    await panics(pool.joinRun({ run_id: "run.c", agent_id: "agent.c" }));
    await panics(pool.subscribe().drain());
    await panics(pool.watchPool()[Symbol.asyncIterator]().next());
    await panics(pool.close());
    expect(pool.poolId).toMatch(/^pool\./);
  }
  await panics(AgentPool.build({ poolId: "pool.new" }));
  await panics(new MemoryJournal().records());
  await panics(load());
  answer();
  await settle();
}

import { AgentPool, AgentPoolError, MemoryJournal, load } from "agent-pool-panic-probe";
import { expect } from "vitest";

import { settle, take } from "../behaviour/support.js";

/** What the test build's core has, and its declarations here, which are the real package's, have not. */
interface ProbedPool {
  panicProbe(later: boolean): unknown;
  call(operation: number, ...texts: string[]): unknown;
}

/**
 * Has `flush` panic in place of what it does: at once, or in a later turn of the event loop.
 *
 * A panic ends the core for good, so every test file has one, and a process of its own.
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

/** The error of an operation that is to be caught in a panic. */
export async function panics(operation: Promise<unknown>): Promise<AgentPoolError> {
  const error: unknown = await operation.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(AgentPoolError);
  expect(error).toMatchObject({ code: "panicked", kind: "RecoveryRepairNeeded", retry: "RepairNeeded" });
  return error as AgentPoolError;
}

/** A pool with operations that wait for its journal, and will wait for it when the panic comes. */
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

/** Readers of a pool who wait, and will wait for what comes when the panic does: each is told, and then it is over. */
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

/** Whatever is called after a panic fails as panicked, and ports that answer then reach nobody. */
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

// What was done in time leaves no timer, which would keep a program from ending.

import { journalContract, runLauncherContract } from "agent-pool/testing";
import { afterEach, expect, it, vi } from "vitest";

import { OUTLINE, team } from "../behaviour/support.js";

/** The longest time that a timer may wait. */
const LONGEST = 2 ** 31 - 1;

afterEach(() => void vi.restoreAllMocks());

/** Runs something that sets timers of the longest time. Returns how many, and how many of these it left. */
async function timersOf(run: () => Promise<void>): Promise<{ set: number; left: number }> {
  const [setting, clearing] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
  await run();
  const cleared = new Set<unknown>(clearing.mock.calls.map(([timer]) => timer));
  const timers = setting.mock.results.filter((_, call) => setting.mock.calls[call]![1] === LONGEST);
  return { set: timers.length, left: timers.filter(({ value }) => !cleared.has(value)).length };
}

it("a pool that was closed long before its limit leaves no timer", async () => {
  const pool = await team({ journal: async () => undefined });
  await pool.send(OUTLINE);
  expect(await timersOf(() => pool.close({ timeoutMillis: LONGEST }))).toEqual({ set: 1, left: 0 });
});

it("a contract that was kept leaves no timer", async () => {
  const patient = { patienceMillis: LONGEST };
  const contracts = [journalContract(() => () => undefined, patient), runLauncherContract(() => () => "run", patient)];
  const { set, left } = await timersOf(async () => {
    for (const { run } of contracts.flat()) await run();
  });
  expect([set > 0, left]).toEqual([true, 0]);
});

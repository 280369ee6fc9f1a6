// Measures what the package holds.

import { expect } from "vitest";

/** What is still held after everything that can be collected has been. */
export interface Reading {
  /** Bytes of the wasm memory, which never shrinks. */
  readonly memory: number;
  /** The size of wasm's table of references to JavaScript values, which never shrinks either. */
  readonly references: number;
  /** Bytes in use on the JavaScript heap. */
  readonly heap: number;
}

const instances: WebAssembly.Instance[] = [];

// However the package is bundled, its instance is made with this class. So this module has to be imported before the
// package.
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    instances.push(this);
  }
};

export async function reading(): Promise<Reading> {
  const [instance, ...more] = instances;
  expect(more).toEqual([]);
  const { memory, ...others } = instance!.exports as { readonly memory: WebAssembly.Memory };
  const [references, ...tables] = Object.values(others).filter((one) => one instanceof WebAssembly.Table);
  expect(tables).toEqual([]);
  // Finalizers run in a turn of their own, and then more can be collected.
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    memory: memory.buffer.byteLength,
    references: references!.length,
    heap: process.memoryUsage().heapUsed,
  };
}

/** Whether to run the tests with much larger numbers. */
export const IN_FULL = process.env["AGENT_POOL_MEMORY"] === "full";

/** The bytes by which the heap varies by itself, as the engine compiles and discards code. */
const WAVERING = 100_000;
/** The least bytes that an object takes if it is kept. */
const LEAST = 16;

/**
 * Runs `round` several times and checks that the second half of the rounds takes no more than the first half took.
 * `things` is the number of things that a round makes. The wasm memory and the references must not grow at all. The
 * heap must grow by less than it would if each thing of one round were kept.
 */
export async function expectLevel(rounds: number, things: number, round: () => Promise<void>): Promise<void> {
  const readings: Reading[] = [];
  for (let done = 0; done < rounds; done += 1) {
    await round();
    readings.push(await reading());
  }
  if (IN_FULL) console.log(expect.getState().currentTestName, readings);
  const [before, after] = [readings.slice(0, rounds / 2), readings.slice(rounds / 2)];
  const most = (of: keyof Reading, among: Reading[]): number => Math.max(...among.map((each) => each[of]));
  expect(most("memory", after)).toBe(most("memory", before));
  expect(most("references", after)).toBe(most("references", before));
  const growth = Math.min(...after.map(({ heap }) => heap)) - most("heap", before);
  expect(growth).toBeLessThan(Math.max(WAVERING, LEAST * things));
}

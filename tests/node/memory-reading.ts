// What the package holds on to, measured.

import { expect } from "vitest";

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_externrefs: WebAssembly.Table;
}

/** What is held after everything that can be collected was. */
export interface Reading {
  /** Bytes of the wasm memory, which never shrinks. */
  readonly memory: number;
  /** How many places there are for what the wasm side holds of JavaScript's, which never get fewer either. */
  readonly references: number;
  /** Bytes in use on the JavaScript heap. */
  readonly heap: number;
}

const instances: WebAssembly.Instance[] = [];

// However the package is bundled, this is where its instance is made. So this module has to be imported first.
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    instances.push(this);
  }
};

export async function reading(): Promise<Reading> {
  const [instance, ...others] = instances;
  expect(others).toEqual([]);
  const { memory, __wbindgen_externrefs: references } = instance!.exports as unknown as Exports;
  // What was collected is told in a turn of its own, and then lets go of more.
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    memory: memory.buffer.byteLength,
    references: references.length,
    heap: process.memoryUsage().heapUsed,
  };
}

/** How many times as often the numbers of the ordinary run are done. */
export const IN_FULL = process.env["AGENT_POOL_MEMORY"] === "full";

/** By how much the heap wavers by itself, as the engine compiles and forgets: bytes. */
const WAVERING = 100_000;
/** Nothing that is kept takes fewer bytes. */
const LEAST = 16;

/**
 * Holds what is done `rounds` times, so many `things` each time, to take no more in the second half of them than it
 * took in the first: of wasm memory and references nothing, and of the heap less than a round that keeps something.
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

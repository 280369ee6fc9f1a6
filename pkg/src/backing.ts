import type { Glue, Runtime } from "./runtime.js";
import type { WasmEventBus, WasmIds, WasmJournal, WasmStore } from "./wasm/agent_pool.js";

/**
 * What the core holds for objects of this package that hosts can make before there is a core. It makes it when it is
 * first needed, and the same object always has the same.
 */
class Backing<Owner extends object, Wasm> {
  readonly #made = new WeakMap<Owner, Wasm>();
  readonly #make: (glue: Glue, owner: Owner) => Wasm;

  constructor(make: (glue: Glue, owner: Owner) => Wasm) {
    this.#make = make;
  }

  of(owner: Owner, runtime: Runtime): Wasm {
    const known = this.#made.get(owner);
    if (known !== undefined) return known;
    const made = runtime.enter(() => this.#make(runtime.glue, owner));
    this.#made.set(owner, made);
    return made;
  }
}

export const journals = new Backing<object, WasmJournal>(({ WasmJournal }) => WasmJournal.memory());
export const eventBuses = new Backing<object, WasmEventBus>(({ WasmEventBus }) => WasmEventBus.memory());
export const stores = new Backing<object, WasmStore>(({ WasmStore }) => WasmStore.memory());
export const seeded = new Backing<{ readonly seed: bigint }, WasmIds>(({ WasmIds }, { seed }) => WasmIds.seeded(seed));

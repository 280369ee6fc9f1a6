import type { Glue, Runtime } from "./runtime.js";
import type { WasmPort } from "./wasm/agent_pool.js";

/**
 * The core's counterparts of this package's objects that a host can make before the core is loaded. A counterpart is
 * made when it is first needed; the same object always has the same counterpart.
 */
class Backing<Owner extends object> {
  readonly #made = new WeakMap<Owner, WasmPort>();
  readonly #make: (port: Glue["WasmPort"], owner: Owner) => WasmPort;

  constructor(make: (port: Glue["WasmPort"], owner: Owner) => WasmPort) {
    this.#make = make;
  }

  of(owner: Owner, runtime: Runtime): WasmPort {
    const known = this.#made.get(owner);
    if (known !== undefined) return known;
    const made = runtime.enter(() => this.#make(runtime.glue.WasmPort, owner));
    this.#made.set(owner, made);
    return made;
  }
}

export const journals = new Backing((port) => port.memoryJournal());
export const eventBuses = new Backing((port) => port.memoryEventBus());
export const stores = new Backing((port) => port.memoryStore());
export const seeded = new Backing<{ readonly seed: bigint }>((port, { seed }) => port.seededIds(seed));

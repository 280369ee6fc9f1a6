import { hostEventBus } from "./host-event-bus.js";
import type { GivenEventBus } from "./read-ports.js";
import type { Runtime } from "./runtime.js";
import type { WasmPort } from "./wasm/agent_pool.js";

/** The core's side of a host's bus, and the number of pools that use it. */
interface Shared {
  readonly wasm: WasmPort;
  pools: number;
}

const buses = new WeakMap<object, Shared>();

/**
 * Returns the core's side of a host's bus. Pools that are given the same object or function share it, including the
 * frames that the core keeps for a bus without `subscribe`. The core holds the host's object as long as a pool uses it,
 * so every pool must call `release` once, when it ends.
 */
export function shareEventBus(
  runtime: Runtime,
  eventBus: GivenEventBus,
): { readonly wasm: WasmPort; readonly release: () => void } {
  const { given } = eventBus;
  let shared = buses.get(given);
  if (shared === undefined) {
    const host = hostEventBus(runtime, eventBus);
    shared = { wasm: runtime.enter(() => runtime.glue.WasmPort.hostEventBus(host)), pools: 0 };
    buses.set(given, shared);
  }
  const { wasm } = shared;
  shared.pools += 1;
  const release = (): void => {
    shared.pools -= 1;
    if (shared.pools > 0) return;
    buses.delete(given);
    if (!runtime.isOff) wasm.free();
  };
  return { wasm, release };
}

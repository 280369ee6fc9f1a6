import * as backing from "./backing.js";
import { BuiltInClock } from "./clocks.js";
import { shareEventBus } from "./event-buses.js";
import { CalledJournal } from "./host-journal.js";
import { SeededIds } from "./ids.js";
import { MemoryEventBus, MemoryJournal } from "./memory.js";
import type { ReadOptions } from "./read-options.js";
import { hostRunLauncher, type RunInputs } from "./run-launching.js";
import type { Glue, Runtime } from "./runtime.js";
import { wellFormed } from "./well-formed.js";
import type { WasmPool, WasmPort } from "./wasm/agent_pool.js";

/** A pool as the core holds it. */
export interface Connection {
  readonly wasm: WasmPool;
  /** Releases the ports, once the pool has ended. */
  readonly release: () => void;
}

/** Opens a pool in the core with these options. */
export async function connect<RunHandle>(
  runtime: Runtime,
  options: ReadOptions<RunHandle>,
  inputs: RunInputs,
): Promise<Connection> {
  /** Ports that only this call needs a handle on: the core shares what the handles refer to. */
  const temporary: WasmPort[] = [];
  const own: Own = (make) => {
    const made = runtime.enter(() => make(runtime.glue.WasmPort));
    temporary.push(made);
    return made;
  };
  let release = (): void => undefined;
  try {
    const bus = eventBusOf(runtime, options, own);
    release = bus.release;
    const journal = journalOf(runtime, options, own);
    const store = storeOf(runtime, options, own);
    const clock = clockOf(options, own);
    const ids = idsOf(runtime, options, own);
    const launcher = options.runLauncher && hostRunLauncher(runtime, options.runLauncher, inputs);
    const wasm = await runtime.call<WasmPool, WasmPool>(
      () => runtime.glue.WasmPool.build(options.configText, journal, bus.wasm, store, clock, ids, launcher),
      (pool) => pool,
    );
    return { wasm, release };
  } catch (error) {
    release();
    throw error;
  } finally {
    if (!runtime.isOff) for (const made of temporary) made.free();
  }
}

type Own = (make: (port: Glue["WasmPort"]) => WasmPort) => WasmPort;

function journalOf(runtime: Runtime, { journal }: ReadOptions<unknown>, own: Own): WasmPort {
  if (journal instanceof MemoryJournal) return backing.journals.of(journal, runtime);
  return own((port) =>
    journal === undefined ? port.memoryJournal() : port.hostJournal(new CalledJournal(runtime, journal)),
  );
}

function eventBusOf(
  runtime: Runtime,
  { eventBus }: ReadOptions<unknown>,
  own: Own,
): { readonly wasm: WasmPort; readonly release: () => void } {
  const release = (): void => undefined;
  if (eventBus === undefined) return { wasm: own((port) => port.memoryEventBus()), release };
  if (eventBus instanceof MemoryEventBus) return { wasm: backing.eventBuses.of(eventBus, runtime), release };
  return shareEventBus(runtime, eventBus);
}

function storeOf(runtime: Runtime, { store }: ReadOptions<unknown>, own: Own): WasmPort {
  return store === undefined ? own((port) => port.memoryStore()) : backing.stores.of(store, runtime);
}

function clockOf({ clock }: ReadOptions<unknown>, own: Own): WasmPort {
  return own((port) => {
    if (clock === undefined) return port.systemClock();
    if (clock instanceof BuiltInClock) return clock.kind === "logical" ? port.logicalClock() : port.systemClock();
    return port.hostClock(() => clock.now());
  });
}

function idsOf(runtime: Runtime, { ids }: ReadOptions<unknown>, own: Own): WasmPort {
  if (ids instanceof SeededIds) return backing.seeded.of(ids, runtime);
  return own((port) => (ids === undefined ? port.randomIds() : port.hostIds(() => wellFormed(ids.next()))));
}

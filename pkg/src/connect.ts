import { hostClock, hostIds, hostRunLauncher, type RunInputs } from "./adapters.js";
import * as backing from "./backing.js";
import { BuiltInClock } from "./clocks.js";
import { shareEventBus } from "./event-buses.js";
import { CalledJournal } from "./host-journal.js";
import { SeededIds } from "./ids.js";
import { MemoryEventBus, MemoryJournal } from "./memory.js";
import type { ReadOptions } from "./options.js";
import type { Runtime } from "./runtime.js";
import type { WasmClock, WasmEventBus, WasmIds, WasmJournal, WasmPool, WasmStore } from "./wasm/agent_pool.js";

/** A pool as the core holds it. */
export interface Connection {
  readonly wasm: WasmPool;
  /** Lets go of the ports, once the pool has ended. */
  readonly release: () => void;
}

/** Has the core open a pool with these options. */
export async function connect<RunHandle>(
  runtime: Runtime,
  options: ReadOptions<RunHandle>,
  inputs: RunInputs,
): Promise<Connection> {
  /** What only this call needs: the core shares what is in it. */
  const temporary: { free(): void }[] = [];
  const own = <Wasm extends { free(): void }>(make: () => Wasm): Wasm => {
    const made = runtime.enter(make);
    temporary.push(made);
    return made;
  };
  let release = (): void => undefined;
  try {
    const bus = eventBusOf(runtime, options, own);
    release = bus.release;
    const journal = journalOf(runtime, options, own);
    const store = storeOf(runtime, options, own);
    const clock = clockOf(runtime, options, own);
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

type Own = <Wasm extends { free(): void }>(make: () => Wasm) => Wasm;

function journalOf(runtime: Runtime, { journal }: ReadOptions<unknown>, own: Own): WasmJournal {
  if (journal instanceof MemoryJournal) return backing.journals.of(journal, runtime);
  const { WasmJournal } = runtime.glue;
  return own(() => (journal === undefined ? WasmJournal.memory() : WasmJournal.host(new CalledJournal(runtime, journal))));
}

function eventBusOf(
  runtime: Runtime,
  { eventBus }: ReadOptions<unknown>,
  own: Own,
): { readonly wasm: WasmEventBus; readonly release: () => void } {
  const release = (): void => undefined;
  if (eventBus === undefined) return { wasm: own(() => runtime.glue.WasmEventBus.memory()), release };
  if (eventBus instanceof MemoryEventBus) return { wasm: backing.eventBuses.of(eventBus, runtime), release };
  return shareEventBus(runtime, eventBus);
}

function storeOf(runtime: Runtime, { store }: ReadOptions<unknown>, own: Own): WasmStore {
  return store === undefined ? own(() => runtime.glue.WasmStore.memory()) : backing.stores.of(store, runtime);
}

function clockOf(runtime: Runtime, { clock }: ReadOptions<unknown>, own: Own): WasmClock {
  const { WasmClock } = runtime.glue;
  return own(() => {
    if (clock === undefined) return WasmClock.system();
    if (clock instanceof BuiltInClock) return clock.kind === "logical" ? WasmClock.logical() : WasmClock.system();
    return WasmClock.host(hostClock(clock));
  });
}

function idsOf(runtime: Runtime, { ids }: ReadOptions<unknown>, own: Own): WasmIds {
  if (ids instanceof SeededIds) return backing.seeded.of(ids, runtime);
  const { WasmIds } = runtime.glue;
  return own(() => (ids === undefined ? WasmIds.random() : WasmIds.host(hostIds(ids))));
}

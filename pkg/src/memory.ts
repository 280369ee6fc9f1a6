import { eventBuses, journals, stores } from "./backing.js";
import { encode, encodeFrame } from "./encode.js";
import { loadRuntime } from "./instance.js";
import type { EventFrame } from "./types/frame.js";
import type { JournalRecord } from "./types/journal.js";
import type { AgentPoolStoreRecord } from "./types/store.js";

/**
 * A journal in memory: what a pool uses unless told otherwise. The n-th record has the cursor `journal.<n>`. A subclass is
 * used as this class is, by the core itself: methods that it adds, such as `append`, are not called.
 */
export class MemoryJournal {
  /** Keeps what merely looks the same from being taken for one by the compiler, as the pool would not. @hidden */
  protected declare readonly kind: "MemoryJournal";

  /** The records so far, in the order in which they were appended. */
  async records(): Promise<JournalRecord[]> {
    const runtime = await loadRuntime();
    const wasm = journals.of(this, runtime);
    return runtime.callForData(() => wasm.contents());
  }
}

/**
 * An event bus in memory: what a pool uses unless told otherwise. It keeps all frames and numbers them from 1. A subclass
 * is used as this class is, by the core itself: a `publish` of its own is not called by pools.
 */
export class MemoryEventBus {
  /** As in {@link MemoryJournal}. @hidden */
  protected declare readonly kind: "MemoryEventBus";

  /**
   * Publishes a frame of the host's own, past the pools: they see it in `subscribe` and `pollWake`. To have it trigger
   * wakes by itself, show it to a pool with `observe` instead. Number and cursor become the bus's (REFERENCE 35).
   *
   * @throws {AgentPoolError} `invalid_input`.
   */
  // The parameter is as `EventBus` has it, to the letter: else TypeScript could not tell what it is in
  // `eventBus: { publish: (frame) => … }`.
  async publish(frame: EventFrame): Promise<void> {
    const text = encodeFrame(frame, "frame");
    const runtime = await loadRuntime();
    const wasm = eventBuses.of(this, runtime);
    runtime.enter(() => wasm.publish(text));
  }

  /** All frames so far, with cursors of the scope `all`. */
  async frames(): Promise<EventFrame[]> {
    const runtime = await loadRuntime();
    const wasm = eventBuses.of(this, runtime);
    return runtime.callForData(() => wasm.contents());
  }
}

/**
 * Holds what pools know, in memory: what a pool uses unless told otherwise. Pools of the same id that are given the
 * same store are handles on one pool; a store may hold any number of pools.
 */
export class MemoryStore {
  /** As in {@link MemoryJournal}. @hidden */
  protected declare readonly kind: "MemoryStore";

  /**
   * The history of a pool, from its start; empty if no pool of that id was built with this store.
   *
   * @throws {AgentPoolError} `invalid_input`.
   */
  async records(poolId: string): Promise<AgentPoolStoreRecord[]> {
    const text = encode(poolId, "poolId");
    const runtime = await loadRuntime();
    const wasm = stores.of(this, runtime);
    return runtime.callForData(() => wasm.contents(text));
  }
}

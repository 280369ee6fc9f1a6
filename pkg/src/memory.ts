import { eventBuses, journals, stores } from "./backing.js";
import { encode, encodeFrame } from "./encode.js";
import { loadRuntime } from "./instance.js";
import type { EventFrame } from "./types/frame.js";
import type { JournalRecord } from "./types/journal.js";
import type { AgentPoolStoreRecord } from "./types/store.js";

/**
 * A journal in memory: the default journal of a pool. The n-th record has the cursor `journal.<n>`. The core itself
 * uses a subclass exactly as it uses this class: methods that the subclass adds, such as `append`, are not called.
 */
export class MemoryJournal {
  /** Keeps the compiler from accepting an object that merely looks the same, as the pool does not. @hidden */
  protected declare readonly kind: "MemoryJournal";

  /**
   * The records so far, in the order in which they were appended.
   *
   * If the WebAssembly module is not loaded yet, the call loads it from beside the package's files. A host that has to
   * give `wasm` calls {@link load} with it first.
   *
   * @throws {AgentPoolError} `load_failed`; `answer_too_large`; `panicked`.
   */
  async records(): Promise<JournalRecord[]> {
    const runtime = await loadRuntime();
    const wasm = journals.of(this, runtime);
    return runtime.callForData(() => wasm.contents());
  }
}

/**
 * An event bus in memory: the default event bus of a pool. It keeps all frames and numbers them from 1. The core itself
 * uses a subclass exactly as it uses this class: pools do not call a `publish` of the subclass.
 */
export class MemoryEventBus {
  /** As in {@link MemoryJournal}. @hidden */
  protected declare readonly kind: "MemoryEventBus";

  /**
   * Publishes a frame of the host's own without passing through a pool. Pools see it in `subscribe` and `pollWake`. For
   * an event that is to trigger wakes by itself, use `observe` of a pool instead. The frame gets the bus's number and
   * cursor (REFERENCE 35). The call loads the module as {@link MemoryJournal.records} does.
   *
   * @throws {AgentPoolError} `invalid_input`; `load_failed`; `answer_too_large`; `panicked`.
   */
  // The parameter is typed exactly as in `EventBus`. Otherwise TypeScript could not infer its type in
  // `eventBus: { publish: (frame) => … }`.
  async publish(frame: EventFrame): Promise<void> {
    const text = encodeFrame(frame, "frame");
    const runtime = await loadRuntime();
    const wasm = eventBuses.of(this, runtime);
    runtime.enter(() => wasm.publish(text));
  }

  /**
   * All frames so far, with cursors of the scope `all`. The call loads the module as {@link MemoryJournal.records}
   * does.
   *
   * @throws {AgentPoolError} `load_failed`; `answer_too_large`; `panicked`.
   */
  async frames(): Promise<EventFrame[]> {
    const runtime = await loadRuntime();
    const wasm = eventBuses.of(this, runtime);
    return runtime.callForData(() => wasm.contents());
  }
}

/**
 * A store in memory, which holds what pools know: the default store of a pool. Handles with the same pool id that are
 * given the same store are handles on one pool. A store may hold any number of pools.
 */
export class MemoryStore {
  /** As in {@link MemoryJournal}. @hidden */
  protected declare readonly kind: "MemoryStore";

  /**
   * The history of a pool, from its start; empty if no pool with that id was built with this store. The call loads the
   * module as {@link MemoryJournal.records} does.
   *
   * @throws {AgentPoolError} `invalid_input`; `load_failed`; `answer_too_large`; `panicked`.
   */
  async records(poolId: string): Promise<AgentPoolStoreRecord[]> {
    const text = encode(poolId, "poolId");
    const runtime = await loadRuntime();
    const wasm = stores.of(this, runtime);
    return runtime.callForData(() => wasm.contents(text));
  }
}

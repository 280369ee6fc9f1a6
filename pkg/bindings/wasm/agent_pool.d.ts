/* tslint:disable */
/* eslint-disable */

/**
 * A clock for pools to read.
 */
export class WasmClock {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The host's clock: `now` answers Unix milliseconds.
     */
    static host(now: Function): WasmClock;
    /**
     * Time that counts events.
     */
    static logical(): WasmClock;
    /**
     * The platform's clock.
     */
    static system(): WasmClock;
}

/**
 * An event bus for pools to publish on.
 */
export class WasmEventBus {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * All frames that are kept here, as a JSON array.
     */
    frames(): any;
    /**
     * The host's bus.
     */
    static host(host: any): WasmEventBus;
    /**
     * A bus in memory.
     */
    static memory(): WasmEventBus;
    /**
     * Puts a host event on a bus in memory.
     */
    publish(frame: string): void;
}

/**
 * A source of ids for pools to draw from.
 */
export class WasmIds {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The host's ids.
     */
    static host(next: Function): WasmIds;
    /**
     * Random ids.
     */
    static random(): WasmIds;
    /**
     * The ids that `seed` determines.
     */
    static seeded(seed: bigint): WasmIds;
}

/**
 * A journal for pools to write to.
 */
export class WasmJournal {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The host's journal.
     */
    static host(journal: any): WasmJournal;
    /**
     * A journal in memory.
     */
    static memory(): WasmJournal;
    /**
     * The records of a journal in memory, as a JSON array; a host's journal shows none.
     */
    records(): any;
}

/**
 * A handle on a pool.
 */
export class WasmPool {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Opens a pool: a `WasmPool`, or a promise of one.
     */
    static build(config: string, journal: WasmJournal, event_bus: WasmEventBus, store: WasmStore, clock: WasmClock, ids: WasmIds, launcher?: Function | null): any;
    /**
     * See [`AgentPool::cancel_wake`].
     */
    cancelWake(condition_id: string): any;
    /**
     * See [`AgentPool::close`].
     */
    close(): any;
    /**
     * See [`AgentPool::compile_scoped_filter`].
     */
    compileScopedFilter(filter: string): any;
    /**
     * See [`AgentPool::flush`].
     */
    flush(): any;
    /**
     * See [`AgentPool::join_run`].
     */
    joinRun(member: string): any;
    /**
     * See [`AgentPool::leave_run`].
     */
    leaveRun(run_id: string): any;
    /**
     * See [`AgentPool::members`].
     */
    members(): any;
    /**
     * See [`AgentPool::observe`].
     */
    observe(frame: string): any;
    /**
     * See [`AgentPool::poll_wake`].
     */
    pollWake(condition_id: string): any;
    /**
     * The pool's id.
     */
    poolId(): string;
    /**
     * See [`AgentPool::record_message_status`].
     */
    recordMessageStatus(message: string, status: string, delivered_to: string): any;
    /**
     * See [`AgentPool::scope_filter`].
     */
    scopeFilter(filter: string): any;
    /**
     * See [`AgentPool::send`].
     */
    send(message: string): any;
    /**
     * See [`AgentPool::snapshot`].
     */
    snapshot(): any;
    /**
     * See [`AgentPool::start_run`].
     */
    startRun(request: string): any;
    /**
     * See [`AgentPool::subscribe_live`].
     */
    subscribeLive(filter: string, cursor?: string | null): WasmStream;
    /**
     * See [`AgentPool::subscribe`].
     */
    subscribe(filter: string, cursor?: string | null): any;
    /**
     * See [`AgentPool::suspend_until`].
     */
    suspendUntil(run_id: string, condition: string): any;
    /**
     * See [`AgentPool::watch_pool_live`].
     */
    watchPoolLive(cursor?: string | null): WasmStream;
    /**
     * See [`AgentPool::watch_pool`].
     */
    watchPool(cursor?: string | null): any;
}

/**
 * A store that handles of a pool share.
 */
export class WasmStore {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * A store in memory.
     */
    static memory(): WasmStore;
    /**
     * The records of a pool, as a JSON array.
     */
    records(pool_id: string): any;
}

/**
 * A live stream.
 */
export class WasmStream {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The text of the next item, or a promise of it; `undefined` after the end. Only one call may wait
     * at a time.
     */
    next(): any;
    /**
     * Ends the stream at once.
     */
    stop(): void;
}

/**
 * Has `handler` called with a message when the instance ends.
 */
export function setPanicHandler(handler: Function): void;

/**
 * Has tasks run by `schedule`, which is called with a function to call a little later. Without one
 * they run in plain microtasks.
 */
export function setScheduler(schedule: Function): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_wasmclock_free: (a: number, b: number) => void;
    readonly __wbg_wasmeventbus_free: (a: number, b: number) => void;
    readonly __wbg_wasmids_free: (a: number, b: number) => void;
    readonly __wbg_wasmjournal_free: (a: number, b: number) => void;
    readonly __wbg_wasmpool_free: (a: number, b: number) => void;
    readonly __wbg_wasmstore_free: (a: number, b: number) => void;
    readonly __wbg_wasmstream_free: (a: number, b: number) => void;
    readonly setPanicHandler: (a: any) => void;
    readonly setScheduler: (a: any) => void;
    readonly wasmclock_host: (a: any) => number;
    readonly wasmclock_logical: () => number;
    readonly wasmclock_system: () => number;
    readonly wasmeventbus_frames: (a: number) => [number, number, number];
    readonly wasmeventbus_host: (a: any) => number;
    readonly wasmeventbus_memory: () => number;
    readonly wasmeventbus_publish: (a: number, b: number, c: number) => [number, number];
    readonly wasmids_host: (a: any) => number;
    readonly wasmids_random: () => number;
    readonly wasmids_seeded: (a: bigint) => number;
    readonly wasmjournal_host: (a: any) => number;
    readonly wasmjournal_memory: () => number;
    readonly wasmjournal_records: (a: number) => any;
    readonly wasmpool_build: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => [number, number, number];
    readonly wasmpool_cancelWake: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_close: (a: number) => [number, number, number];
    readonly wasmpool_compileScopedFilter: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_flush: (a: number) => [number, number, number];
    readonly wasmpool_joinRun: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_leaveRun: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_members: (a: number) => [number, number, number];
    readonly wasmpool_observe: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_pollWake: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_poolId: (a: number) => [number, number];
    readonly wasmpool_recordMessageStatus: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number];
    readonly wasmpool_scopeFilter: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_send: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_snapshot: (a: number) => [number, number, number];
    readonly wasmpool_startRun: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_subscribe: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly wasmpool_subscribeLive: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly wasmpool_suspendUntil: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly wasmpool_watchPool: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmpool_watchPoolLive: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmstore_memory: () => number;
    readonly wasmstore_records: (a: number, b: number, c: number) => [number, number, number];
    readonly wasmstream_next: (a: number) => [number, number, number];
    readonly wasmstream_stop: (a: number) => void;
    readonly wasm_bindgen__convert__closures_____invoke__h0bf075fa01c67f12: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen__convert__closures_____invoke__h34067ae4a0ff3f55: (a: number, b: number, c: any, d: any) => void;
    readonly wasm_bindgen__convert__closures_____invoke__hb7fc5ef044b73604: (a: number, b: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure: (a: number, b: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;

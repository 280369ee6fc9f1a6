import { readFields } from "./fields.js";
import { loadRuntime } from "./instance.js";
import type { PlatformResponse, PlatformUrl } from "./platform-types.js";

/**
 * Where the WebAssembly module comes from, if not from beside this package's files: its address (a path counts as one
 * where files can be read), its bytes, a response that holds them, or the module already compiled; each of whatever
 * realm, such as a frame's.
 */
export type WasmSource = PlatformUrl | string | ArrayBuffer | ArrayBufferView | PlatformResponse | WasmModule;

/**
 * `WebAssembly.Module`, where TypeScript knows of it: without the library `DOM` it does not. To TypeScript it has no
 * members, so that any object passes for one; another one is an `invalid_input`.
 */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : never;

/** What {@link load} is told. */
export interface LoadOptions {
  /**
   * Default: `wasm/agent_pool_bg.wasm` beside this package's files. Only looked at by the call that does load; those that
   * come meanwhile share its load, also one that fails.
   */
  readonly wasm?: WasmSource | PromiseLike<WasmSource> | undefined;
}

/**
 * Loads the WebAssembly module. Nobody has to: `AgentPool.build` does it. Calls that come while it is loading wait for
 * the same load, later ones find it done, and after a failed one the next call tries again.
 *
 * @throws {AgentPoolError} `load_failed`, with what went wrong as its `cause`; `invalid_input`; `panicked`.
 */
export async function load(options: LoadOptions = {}): Promise<void> {
  const { wasm } = readFields(options, "options", ["wasm"]);
  const runtime = await loadRuntime(wasm);
  runtime.enter(() => undefined);
}

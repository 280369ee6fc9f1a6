import { readFields } from "./fields.js";
import { loadRuntime } from "./instance.js";
import type { PlatformResponse, PlatformUrl } from "./platform-types.js";

/**
 * Where the WebAssembly module comes from, if not from beside this package's files: its address (a path counts as an
 * address where files can be read), its bytes, a response that holds them, or the module already compiled. Each may
 * belong to any realm, such as that of a frame.
 */
export type WasmSource = PlatformUrl | string | ArrayBuffer | ArrayBufferView | PlatformResponse | WasmModule;

/**
 * `WebAssembly.Module`, where TypeScript knows of it; without the library `DOM` it does not. For TypeScript the class
 * has no members, so any object passes for one; at run time any other object is an `invalid_input`.
 */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : never;

/** Options of {@link load}. */
export interface LoadOptions {
  /**
   * The module. Default: `wasm/agent_pool_bg.wasm` beside this package's files. Only the call that does load the module
   * looks at this option; calls that come meanwhile share its load, even if it fails.
   */
  readonly wasm?: WasmSource | PromiseLike<WasmSource> | undefined;
}

/**
 * Loads the WebAssembly module. Calling this is optional: `AgentPool.build` does it. Calls that come while the module
 * is loading wait for the same load, later calls find it loaded, and after a failed load the next call tries again.
 *
 * @throws {AgentPoolError} `load_failed`, with what went wrong as its `cause`; `invalid_input`; `panicked`.
 */
export async function load(options: LoadOptions = {}): Promise<void> {
  const { wasm } = readFields(options, "options", ["wasm"]);
  const runtime = await loadRuntime(wasm);
  runtime.enter(() => undefined);
}

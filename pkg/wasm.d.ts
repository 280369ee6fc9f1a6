import type { WasmSource } from "./dist/index.js";

/**
 * `agent-pool/wasm`: the WebAssembly module, as whatever your bundler makes of such an import: its address, its bytes or
 * the compiled module. Each of these is a `wasm` option for `AgentPool.build`.
 */
declare const wasm: WasmSource;
export default wasm;

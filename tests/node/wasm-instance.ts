// What is inside the loaded core, which the package shows nobody. To be imported before anything is loaded.

/** What the core's memory tests look at. */
interface WasmInstance {
  readonly memory: WebAssembly.Memory;
  /** The JavaScript values that the core holds. */
  readonly __wbindgen_externrefs: WebAssembly.Table;
}

let last: WasmInstance | undefined;

const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    last = this.exports as unknown as WasmInstance;
  }
};

/** The exports of the instance that the package made in this process. */
export function wasmInstance(): WasmInstance {
  if (last === undefined) throw new Error("nothing is loaded yet");
  return last;
}

import type { LoadOptions, WasmSource } from "./load.js";
import { invalidInput, loadFailed } from "./own-errors.js";
import { Runtime } from "./runtime.js";
import { Scratch } from "./scratch.js";
import { compile, isSource } from "./source.js";
import init, {
  WasmPool,
  WasmPort,
  initSync,
  later,
  runTasks,
  scratch,
  setHost,
  setMessageHost,
  settle,
  settleNothing,
  settleText,
  takeSent,
  type InitOutput,
} from "./wasm/agent_pool.js";

// Not the module's namespace: a bundler would have to make an object of getters for it.
const glue = { WasmPool, WasmPort, later, runTasks, settle, settleNothing, settleText, takeSent };

let loading: Promise<Runtime> | undefined;

/** Loads the only instance; see `load`. */
export function loadRuntime(wasm?: LoadOptions["wasm"]): Promise<Runtime> {
  if (loading === undefined) {
    const started = instantiate(wasm);
    loading = started;
    started.catch(() => {
      loading = undefined;
    });
  } else {
    // Nobody looks at this one, and Node would end the process if it fails.
    Promise.resolve(wasm).catch(() => undefined);
  }
  return loading;
}

async function instantiate(wasm: LoadOptions["wasm"]): Promise<Runtime> {
  const source = wasm === undefined ? besideThisFile() : await settled(wasm);
  if (!isSource(source)) {
    throw invalidInput("options.wasm", "is neither an address nor bytes, nor a response, nor a compiled module");
  }
  let memory: WebAssembly.Memory;
  try {
    const compiling = compile(source);
    warmUp();
    memory = (await instanceOf(checked(await compiling))).memory;
  } catch (cause) {
    throw loadFailed(cause);
  }
  const runtime = new Runtime(glue, new Scratch(memory, scratch()));
  setHost(runtime);
  setMessageHost(runtime.messages);
  return runtime;
}

/**
 * Makes Node load its web crypto, which it does on first use and which takes milliseconds. Meanwhile the module is
 * compiled on other threads. The core draws random numbers as soon as it has a pool.
 */
function warmUp(): void {
  void globalThis.crypto;
}

function besideThisFile(): URL {
  try {
    // Written as one expression, so that bundlers see that the file belongs to the package.
    return new URL("./wasm/agent_pool_bg.wasm", import.meta.url);
  } catch (cause) {
    // A bundler has turned this module into something that is no module.
    throw loadFailed(new Error("this file does not know its own address: give the option `wasm`", { cause }));
  }
}

async function settled(wasm: WasmSource | PromiseLike<WasmSource>): Promise<WasmSource> {
  try {
    return await wasm;
  } catch (cause) {
    throw loadFailed(cause);
  }
}

async function instanceOf(module: WebAssembly.Module): Promise<InitOutput> {
  try {
    // A page may not instantiate a large module synchronously. Node may.
    const atOnce = typeof location !== "object" && module instanceof WebAssembly.Module;
    return atOnce ? initSync({ module }) : await init({ module_or_path: module });
  } catch (cause) {
    // What a module imports from is named after its build (xtask/src/short_names.rs), so nothing is there.
    const isOther = cause instanceof TypeError || cause instanceof WebAssembly.LinkError;
    throw isOther ? new Error("it is the module of another build of this package", { cause }) : cause;
  }
}

/** Refuses what is no module of this package before the glue instantiates it. */
function checked(module: WebAssembly.Module): WebAssembly.Module {
  if (WebAssembly.Module.imports(module)[0]?.module.startsWith("agent-pool-")) return module;
  throw new Error("it is not the module of this package");
}

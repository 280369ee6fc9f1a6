import { readFields } from "./fields.js";
import { invalidInput, loadFailed } from "./errors.js";
import { Runtime } from "./runtime.js";
import * as glue from "./wasm/agent_pool.js";

/**
 * Where the WebAssembly module comes from, if not from beside this package's files: its address (a path counts as one
 * where files can be read), its bytes, a response that holds them, or the module already compiled.
 */
export type WasmSource = URL | string | ArrayBuffer | ArrayBufferView | Response | WebAssembly.Module;

/** What {@link load} is told. */
export interface LoadOptions {
  /** Default: `wasm/agent_pool_bg.wasm` beside this package's files. Only looked at by the call that does load. */
  readonly wasm?: WasmSource | PromiseLike<WasmSource> | undefined;
}

let loading: Promise<Runtime> | undefined;

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

/** As {@link load}; answers what was loaded. */
export function loadRuntime(wasm?: LoadOptions["wasm"]): Promise<Runtime> {
  if (loading === undefined) {
    const started = instantiate(wasm);
    loading = started;
    started.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

async function instantiate(wasm: LoadOptions["wasm"]): Promise<Runtime> {
  const source = wasm === undefined ? defaultUrl() : await settled(wasm);
  if (!isSource(source)) {
    throw invalidInput("options.wasm", "is neither an address nor bytes, nor a response, nor a compiled module");
  }
  try {
    const module = checked(await compiled(await fetched(source)));
    // Pages may not instantiate large modules at once. Node may, and so does not load its whole `fetch`, which takes
    // longer than all the rest: the glue's other way in looks at `Response`.
    await (hasLocation() ? glue.default({ module_or_path: module }) : glue.initSync({ module }));
  } catch (cause) {
    throw loadFailed(cause);
  }
  const runtime = new Runtime(glue);
  glue.setScheduler((run: () => void) => runtime.schedule(run));
  glue.setPanicHandler((place: string) => runtime.turnOff(new Error(`panicked at ${place}`)));
  return runtime;
}

// Written out in one piece, so that bundlers see that the file belongs to the package.
function defaultUrl(): URL {
  return new URL("./wasm/agent_pool_bg.wasm", import.meta.url);
}

async function settled(wasm: WasmSource | PromiseLike<WasmSource>): Promise<WasmSource> {
  try {
    return await wasm;
  } catch (cause) {
    throw loadFailed(cause);
  }
}

function isSource(source: WasmSource): boolean {
  return (
    typeof source === "string" ||
    source instanceof URL ||
    source instanceof ArrayBuffer ||
    ArrayBuffer.isView(source) ||
    source instanceof WebAssembly.Module ||
    (typeof Response === "function" && source instanceof Response)
  );
}

/** Turns addresses into what is there. */
async function fetched(source: WasmSource): Promise<BufferSource | Response | WebAssembly.Module> {
  if (typeof source !== "string" && !(source instanceof URL)) return source as BufferSource | Response | WebAssembly.Module;
  const file = fileOf(source);
  return file === undefined ? fetch(source) : readFile(file);
}

async function compiled(source: BufferSource | Response | WebAssembly.Module): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  // A missing file is often answered with a page, which would fail to compile with a message that hides the reason.
  if (!source.ok) throw new Error(`the server answered ${source.status} for ${source.url}`);
  const isTyped = source.headers.get("content-type")?.startsWith("application/wasm") === true;
  return isTyped ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}

/** The glue would keep what it once instantiated, so another module, or another version's, is told before. */
function checked(module: WebAssembly.Module): WebAssembly.Module {
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  if (!names.has("wasmpool_build") || !names.has("setScheduler")) throw new Error("it is not the module of this package");
  return module;
}

/** The file that an address names: Node cannot fetch those. A page has no files, only addresses relative to itself. */
function fileOf(address: string | URL): string | URL | undefined {
  const text = String(address);
  if (text.startsWith("file:")) return new URL(text);
  const hasScheme = /^[a-z][a-z\d+.-]+:/i.test(text);
  return hasScheme || hasLocation() ? undefined : text;
}

/** Whether this is a page, or a worker of one. */
function hasLocation(): boolean {
  return typeof location === "object";
}

async function readFile(file: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  // Bundlers for browsers follow imports whose name they can read, and find no such module.
  const name = "node:fs/promises" as string;
  const files = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as typeof import("node:fs/promises");
  return new Uint8Array(await files.readFile(file));
}

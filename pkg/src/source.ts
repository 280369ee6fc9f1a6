import type { WasmSource } from "./load.js";

export function isSource(source: WasmSource): boolean {
  return (
    typeof source === "string" ||
    source instanceof URL ||
    source instanceof ArrayBuffer ||
    ArrayBuffer.isView(source) ||
    source instanceof WebAssembly.Module ||
    // Last, as Node loads its whole `fetch` at the first look at it.
    source instanceof Response
  );
}

/** The module that is to be had from a source. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source as BufferSource);
  }
  if (typeof source !== "string" && !(source instanceof URL)) return compileResponse(source);
  const file = fileOf(source);
  return file === undefined ? compileResponse(await fetch(source)) : WebAssembly.compile(await readFile(file));
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  // A missing file is often answered with a page, which would fail to compile with a message that hides the reason.
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${response.url}`);
  const isTyped = response.headers.get("content-type")?.startsWith("application/wasm") === true;
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The file that an address names: Node cannot fetch those. A page has no files, only addresses relative to itself. */
function fileOf(address: string | URL): string | URL | undefined {
  const text = String(address);
  if (text.startsWith("file:")) return new URL(text);
  const hasScheme = /^[a-z][a-z\d+.-]+:/i.test(text);
  return hasScheme || typeof location === "object" ? undefined : text;
}

async function readFile(file: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  // Bundlers for browsers follow imports whose name they can read, and find no such module.
  const name = "node:fs/promises" as string;
  const files = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as typeof import("node:fs/promises");
  return new Uint8Array(await files.readFile(file));
}

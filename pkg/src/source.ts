import type { WasmSource } from "./load.js";

export function isSource(source: WasmSource): boolean {
  return (
    typeof source === "string" ||
    source instanceof URL ||
    isBytes(source) ||
    source instanceof WebAssembly.Module ||
    // Last, as Node loads its whole `fetch` at the first look at it.
    source instanceof Response
  );
}

/** Bytes may come from another realm, such as a frame, or the host's side of a test runner's sandbox. */
function isBytes(source: WasmSource): source is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === "[object ArrayBuffer]";
}

/** The module that is to be had from a source. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (isBytes(source)) return WebAssembly.compile(source as BufferSource);
  if (typeof source !== "string" && !(source instanceof URL)) return compileResponse(source);
  const file = fileOf(source);
  const files = file === undefined ? undefined : fileSystem();
  if (file === undefined || files === undefined) return compileResponse(await fetch(source));
  return WebAssembly.compile(new Uint8Array(await files.readFile(file)));
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${response.url}`);
  const type = response.headers.get("content-type") ?? "no content type";
  // Only this very type is compiled as it comes: not even a parameter may follow it.
  if (type.toLowerCase() === "application/wasm") return WebAssembly.compileStreaming(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // A missing file is often answered with a page, and that it is no module would hide the reason.
  if (!isModule(bytes)) throw new Error(`the server answered no WebAssembly but ${type} for ${response.url}`);
  return WebAssembly.compile(bytes);
}

/** Whether these bytes begin as modules do: `\0asm`. */
function isModule(bytes: Uint8Array): boolean {
  return [0x00, 0x61, 0x73, 0x6d].every((byte, index) => bytes[index] === byte);
}

/** The file that an address names: Node cannot fetch those. A page has no files, only addresses relative to itself. */
function fileOf(address: string | URL): string | URL | undefined {
  const text = String(address);
  if (text.startsWith("file:")) return new URL(text);
  const hasScheme = /^[a-z][a-z\d+.-]+:/i.test(text);
  return hasScheme || typeof location === "object" ? undefined : text;
}

/**
 * Node's file system, where there is one. It is asked for, not imported: bundlers for browsers follow every import whose
 * name they can make out, and a service worker has none at all.
 */
function fileSystem(): typeof import("node:fs/promises") | undefined {
  return typeof process === "object" ? process.getBuiltinModule?.("node:fs/promises") : undefined;
}

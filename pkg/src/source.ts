import { tagOf } from "./fields.js";
import type { WasmSource } from "./load.js";

/**
 * Whether this is a source. It may belong to another realm, such as that of a frame, or the host's side of a test
 * runner's sandbox.
 */
export function isSource(source: WasmSource): boolean {
  return typeof source === "string" || isBytes(source) || isUrl(source) || isResponse(source) || isModule(source);
}

function isBytes(source: WasmSource): source is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(source) || tagOf(source) === "ArrayBuffer";
}

function isUrl(source: WasmSource): source is URL {
  return tagOf(source) === "URL";
}

function isResponse(source: WasmSource): source is Response {
  return tagOf(source) === "Response";
}

function isModule(source: WasmSource): source is WebAssembly.Module {
  return tagOf(source) === "WebAssembly.Module";
}

/** Compiles the module of a source. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (isModule(source)) return source;
  if (isBytes(source)) return WebAssembly.compile(bytesOf(source));
  if (isResponse(source)) return compileResponse(source);
  const file = fileOf(source);
  const files = file === undefined ? undefined : fileSystem();
  if (file === undefined || files === undefined) return compileResponse(await fetch(source));
  // Read synchronously, as Node loads modules: an asynchronous read takes several times as long.
  return WebAssembly.compile(files.readFileSync(file));
}

/** Compilers refuse a `DataView`. */
function bytesOf(source: ArrayBuffer | ArrayBufferView): BufferSource {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : source;
  return bytes as BufferSource;
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${response.url}`);
  const type = response.headers.get("content-type") ?? "no content type";
  // `compileStreaming` accepts only this exact type, without any parameter, and only a response of this realm.
  if (type.toLowerCase() === "application/wasm" && response instanceof Response) {
    return WebAssembly.compileStreaming(response);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  // A server often answers a missing file with a page. That this is no module would hide the reason.
  if (!beginsAsModule(bytes)) throw new Error(`the server answered no WebAssembly but ${type} for ${response.url}`);
  return WebAssembly.compile(bytes);
}

/** Whether the bytes begin with the magic number of modules, `\0asm`. */
function beginsAsModule(bytes: Uint8Array): boolean {
  return [0x00, 0x61, 0x73, 0x6d].every((byte, index) => bytes[index] === byte);
}

/**
 * The file that an address names, as Node cannot fetch files. In a page an address without a scheme is relative to the
 * page and names no file.
 */
function fileOf(address: string | URL): string | URL | undefined {
  const text = String(address);
  if (text.startsWith("file:")) return new URL(text);
  const hasScheme = /^[a-z][a-z\d+.-]+:/i.test(text);
  return hasScheme || typeof location === "object" ? undefined : text;
}

/**
 * Node's file system, where there is one. It is not imported: bundlers for browsers follow every import whose name they
 * can make out, and a service worker has no dynamic import.
 */
function fileSystem(): typeof import("node:fs") | undefined {
  return typeof process === "object" ? process.getBuiltinModule?.("node:fs") : undefined;
}

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { onTestFinished } from "vitest";

const TYPES: { readonly [ending: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** A folder that is served. */
export interface Served {
  /** The address, with a slash at the end. */
  readonly address: string;
  /** The WebAssembly modules that anything in the browser has requested. */
  readonly modules: string[];
}

/** Serves the files of a folder until the test is over, with additional headers if given. */
export async function serve(folder: string, headers: { readonly [name: string]: string } = {}): Promise<Served> {
  const modules: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname.endsWith(".wasm")) modules.push(pathname);
    const path = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    readFile(path).then(
      (file) => response.writeHead(200, { "content-type": type, ...headers }).end(file),
      () => response.writeHead(404, { "content-type": "text/html" }).end("there is no such file"),
    );
  });
  return { address: await listen(server), modules };
}

/** Makes a server listen on this machine until the test is over. Returns its address. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

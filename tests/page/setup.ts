import { fileURLToPath } from "node:url";
import { chromium, type LaunchOptions } from "playwright";
import { preview } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** How to start Chromium; set by pkg/vitest.config.ts. */
    launchOptions: LaunchOptions;
    /** The address of the built page. */
    pageAddress: string;
    /** The address of the browser that all test files share. */
    browserAddress: string;
  }
}

/** Serves the page as `cargo xtask play` does, and starts the browser. Returns a function that ends both. */
export default async function setup({ config, provide }: TestProject): Promise<() => Promise<void>> {
  const server = await preview({
    root: fileURLToPath(new URL("../../www/", import.meta.url)),
    configFile: false,
    logLevel: "warn",
    preview: { port: 0, host: "127.0.0.1" },
  });
  const browser = await chromium.launchServer(config.provide.launchOptions);
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the page is served nowhere");
  provide("pageAddress", `http://127.0.0.1:${address.port}/`);
  provide("browserAddress", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.close();
  };
}

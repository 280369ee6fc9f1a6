// Runs a workload in a page of Chromium. The page is empty: no test framework and no bundler, only modules.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { launchOptions } from "../pkg/scripts/chromium.mjs";

/**
 * @import { Route } from "../pkg/node_modules/playwright/index.js"
 * @import { Host } from "./run.mjs"
 */

const repository = fileURLToPath(new URL("../", import.meta.url));
/** There is no server at this address: requests are answered from the repository. */
const ORIGIN = "http://localhost";
/** @type {{ [extension: string]: string }} */
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const HEADERS = {
  // An isolated page has a clock with a resolution of 5 µs instead of 100.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** @returns {Promise<Host>} */
export async function inChromium() {
  // Loaded only here, as a run on Node needs no browser, and from the package's own folder, where the tools are.
  const require = createRequire(join(repository, "pkg/package.json"));
  /** @type {typeof import("../pkg/node_modules/playwright/index.js")} */
  const { chromium } = require("playwright");
  const { args, ...options } = launchOptions();
  const browser = await chromium.launch({ ...options, args: [...args, "--js-flags=--expose-gc"] });
  return {
    name: `Chromium ${browser.version()}`,
    measure: async (id, ports, isQuick) => {
      // A separate context has a separate process.
      const context = await browser.newContext();
      try {
        await context.route(`${ORIGIN}/**`, answer);
        const page = await context.newPage();
        await page.goto(`${ORIGIN}/`);
        return await page.evaluate(
          async ([id, ports, isQuick]) => {
            /** @type {typeof import("./measure.mjs")} */
            const { measure } = await import(/** @type {string} */ ("/benches/measure.mjs"));
            return measure(id, ports, { isQuick });
          },
          /** @type {const} */ ([id, ports, isQuick]),
        );
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

/** @param {Route} route */
async function answer(route) {
  const { pathname } = new URL(route.request().url());
  if (pathname === "/") {
    await route.fulfill({ body: "<!doctype html><title>benchmark</title>", contentType: "text/html", headers: HEADERS });
    return;
  }
  const path = join(repository, pathname);
  const contentType = TYPES[extname(path)];
  if (contentType === undefined || !existsSync(path)) await route.fulfill({ status: 404 });
  else await route.fulfill({ path, headers: { ...HEADERS, "content-type": contentType } });
}

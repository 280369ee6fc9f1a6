import { fileURLToPath } from "node:url";

import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type Plugin } from "vitest/config";

import { launchOptions } from "./scripts/chromium.mjs";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Resolves `agent-pool` from the tests as from inside the package: through `exports`, with the conditions of the
 * project that runs (node or browser), to the built files. So the tests use what is shipped.
 */
const builtPackage: Plugin = {
  name: "built-package",
  enforce: "pre",
  resolveId(id) {
    if (id === "agent-pool-panic-probe") return here("./dist-panic-probe/index.js");
    if (!/^agent-pool(\/|$)/.test(id)) return null;
    return this.resolve(id, here("./package.json"), { skipSelf: true });
  },
};

/** Resolves wasm-bindgen's module, for tests of single modules of the sources, as scripts/bundle.mjs does. */
const bindingsBesideSources: Plugin = {
  name: "bindings-beside-sources",
  enforce: "pre",
  resolveId(id, importer = "") {
    const isBeside = id === "./wasm/agent_pool.js" && importer.startsWith(here("./src/"));
    return isBeside || id.endsWith("/pkg/src/wasm/agent_pool.js") ? here("./bindings/wasm/agent_pool.js") : null;
  },
};

/** Resolves this package's own tools for the tests, which are outside the folder of its node_modules. */
const ownTools: Plugin = {
  name: "own-tools",
  enforce: "pre",
  resolveId(id) {
    return /^(playwright|vite)$/.test(id) ? this.resolve(id, here("./package.json"), { skipSelf: true }) : null;
  },
};

export default defineConfig({
  plugins: [builtPackage, bindingsBesideSources, ownTools],
  server: { fs: { allow: [here("..")] } },
  test: {
    // Tests are about what happens, not how fast: on a busy machine some take ten times as long.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By default one processor is left idle, which is half of a machine that has two.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          dir: here("../tests"),
          include: ["behaviour/**/*.test.ts", "node/**/*.test.ts"],
          // Node itself loads the package, untransformed.
          server: { deps: { external: [/\/pkg\/dist.*\.js$/] } },
          // Tests measure what the package holds after a garbage collection.
          execArgv: ["--expose-gc"],
          typecheck: {
            enabled: true,
            include: ["types/**/*.test-d.ts"],
            tsconfig: here("../tests/types/tsconfig.json"),
          },
        },
      },
      {
        extends: true,
        test: {
          name: "chromium",
          dir: here("../tests"),
          include: ["behaviour/**/*.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: launchOptions() }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: "packaging",
          environment: "node",
          dir: here("../tests"),
          include: ["packaging/**/*.test.ts"],
          // One installation and one browser for all of them.
          globalSetup: here("../tests/packaging/setup.ts"),
          provide: { launchOptions: launchOptions() },
          // Most of these tests run a bundler.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "page",
          environment: "node",
          dir: here("../tests"),
          include: ["page/**/*.test.ts"],
          // One server and one browser for all of them.
          globalSetup: here("../tests/page/setup.ts"),
          provide: { launchOptions: launchOptions() },
          testTimeout: 20_000,
          server: { deps: { external: [/\/pkg\/dist.*\.js$/] } },
        },
      },
    ],
  },
});

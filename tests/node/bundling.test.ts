import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";

/** As much of vite as is used here. It comes with vitest, inside the package's own folder. */
interface Vite {
  createLogger(): { warn(message: string): void; warnOnce(message: string): void };
  build(options: object): Promise<unknown>;
}

const root = fileURLToPath(new URL("../../pkg/", import.meta.url));

async function vite(): Promise<Vite> {
  const fromPackage = createRequire(join(root, "package.json"));
  const besideVitest = createRequire(fromPackage.resolve("vitest/package.json"));
  return (await import(pathToFileURL(besideVitest.resolve("vite")).href)) as Vite;
}

it(
  "a bundler for browsers takes the module along by itself, and has nothing to complain of",
  { timeout: 60_000 },
  async () => {
    const { build, createLogger } = await vite();
    const folder = mkdtempSync(join(tmpdir(), "agent-pool-"));
    try {
      const complaints: string[] = [];
      const complain = (message: string): void => void complaints.push(message);
      writeFileSync(
        join(folder, "main.js"),
        `import { AgentPool } from "agent-pool"; AgentPool.build({ poolId: "pool.x" });`,
      );
      await build({
        root: folder,
        configFile: false,
        logLevel: "warn",
        customLogger: { ...createLogger(), info: () => undefined, warn: complain, warnOnce: complain },
        resolve: { alias: { "agent-pool": join(root, "dist/index.js") } },
        build: { rollupOptions: { input: join(folder, "main.js") } },
      });
      const assets = readdirSync(join(folder, "dist/assets"));
      expect(assets.filter((asset) => asset.endsWith(".wasm"))).toHaveLength(1);
      expect(assets.filter((asset) => asset.endsWith(".js"))).toHaveLength(1);
      expect(complaints).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

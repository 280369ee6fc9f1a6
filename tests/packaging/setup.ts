import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type LaunchOptions } from "playwright";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** How to start Chromium; set by pkg/vitest.config.ts. */
    launchOptions: LaunchOptions;
    /** The address of the browser that all test files share. */
    browserAddress: string;
    /** The file of the tarball under test. */
    tarball: string;
    /** An empty project in which the tarball was installed. */
    installation: string;
  }
}

/** Installs the tarball and starts the browser. Returns a function that undoes both. */
export default async function setup({ config, provide }: TestProject): Promise<() => Promise<void>> {
  const tarball = packed();
  const installation = await install(tarball);
  const browser = await chromium.launchServer(config.provide.launchOptions);
  provide("tarball", tarball);
  provide("installation", installation);
  provide("browserAddress", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await rm(installation, { recursive: true });
  };
}

function packed(): string {
  const file = process.env["AGENT_POOL_TARBALL"];
  if (file !== undefined && existsSync(file)) return file;
  throw new Error("AGENT_POOL_TARBALL names no tarball; `cargo xtask test --packaging` makes one and says where it is");
}

/** Installs the tarball as a user does, in an empty project outside this repository. Returns its folder. */
async function install(tarball: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "agent-pool-"));
  await writeFile(join(folder, "package.json"), "{}");
  const flags = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await promisify(execFile)("npm", ["install", ...flags, tarball], { cwd: folder });
  return folder;
}

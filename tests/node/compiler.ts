// TypeScript as users of the package run it: against the built declarations, which are checked as well.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The libraries and types that a program is compiled with. */
export interface Platform {
  readonly lib: readonly string[];
  readonly types: readonly string[];
  readonly typeRoots?: readonly string[];
}

/** A page, without the types of Node. */
export const PAGE: Platform = { lib: ["ES2022", "ESNext.Disposable", "DOM"], types: [] };

/** Node, without the types of a page. */
export const NODE: Platform = { lib: ["ES2022"], types: ["node"], typeRoots: [here("../../pkg/node_modules/@types")] };

/** Neither: only the language itself. */
export const LANGUAGE: Platform = { lib: ["ES2022"], types: [] };

/** Error messages by line of the module, counted from 1. Line 0 has the messages that are not about the module. */
export type Diagnostics = ReadonlyMap<number, string>;

/** The errors that TypeScript finds in a module, under its strictest rules. */
export function diagnose(source: string, platform: Platform): Diagnostics {
  const folder = mkdtempSync(join(tmpdir(), "agent-pool-"));
  try {
    const compilerOptions = {
      target: "ES2022",
      module: "ESNext",
      moduleResolution: "Bundler",
      ...platform,
      paths: { "agent-pool": [here("../../pkg/dist/index.d.ts")] },
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noErrorTruncation: true,
    };
    writeFileSync(join(folder, "module.ts"), source);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["module.ts"] }));
    const tsc = here("../../pkg/node_modules/.bin/tsc");
    const { status, stdout, error } = spawnSync(tsc, ["--pretty", "false", "--project", "."], {
      cwd: folder,
      encoding: "utf8",
    });
    if (error !== undefined) throw error;
    const diagnostics = new Map<number, string>();
    let line = 0;
    for (const text of stdout.trimEnd().split("\n")) {
      if (!text.startsWith(" ")) line = Number(/^module\.ts\((\d+),/.exec(text)?.[1] ?? 0);
      if (text !== "") diagnostics.set(line, `${diagnostics.get(line) ?? ""}${text}\n`);
    }
    if (status !== 0 && diagnostics.size === 0) throw new Error(`tsc ended with ${status} and said nothing`);
    return diagnostics;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Fails if TypeScript finds an error in a module. */
export function compile(source: string, platform: Platform): void {
  const diagnostics = [...diagnose(source, platform).values()].join("");
  if (diagnostics !== "") throw new Error(diagnostics.slice(0, 4_000));
}

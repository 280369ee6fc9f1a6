import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject, onTestFinished } from "vitest";

/** The files of a project, by path. */
export interface Files {
  readonly [path: string]: string;
}

/**
 * A project outside this repository, with only these files and the installed tarball. It is deleted after the test.
 *
 * npm installs the tarball once, and every project gets a copy of the result. The package has no dependencies and no
 * scripts, so npm would do the same in each of them.
 */
export async function project(files: Files, manifest: object = { type: "module" }): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agent-pool-")));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(inject("installation"), "node_modules"), join(folder, "node_modules"), { recursive: true });
  const all = { ...files, "package.json": JSON.stringify({ name: "project", private: true, ...manifest }) };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Runs a program of a project on Node and returns its output. Output on stderr is an error. */
export async function node(folder: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  // Node 20 prints that `require` of a module is experimental.
  const complaints = stderr.replace(/^.*ExperimentalWarning.*\n.*--trace-warnings.*\n/gm, "");
  if (complaints !== "") throw new Error(complaints);
  return stdout.trim();
}

// What the READMEs show is true: their programs are run, and print what the READMEs say. (Pages are opened in
// tests/packaging/readme.test.ts.)

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { blocks } from "./readme.js";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe.each(["README.md", "pkg/README.md"])("%s", (readme) => {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "agent-pool-"));
    mkdirSync(join(project, "node_modules"));
    symlinkSync(at("pkg"), join(project, "node_modules/agent-pool"));
  });
  afterAll(() => rmSync(project, { recursive: true }));

  it.each(blocks(readme, "js").map(({ line, text }) => [line, text] as const))(
    "has a program in line %d that runs, and prints what is said beside it",
    { timeout: 30_000 },
    (line, program) => {
      const file = join(project, `line-${line}.mjs`);
      writeFileSync(file, program);
      const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", timeout: 30_000 });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const promised = [...program.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, comment]) => comment);
      expect(promised).not.toEqual([]);
      expect(stdout.split("\n").filter((printed) => promised.includes(printed))).toEqual(promised);
    },
  );

  it("has programs that pass TypeScript's checks of JavaScript, under its strictest rules", { timeout: 60_000 }, () => {
    const programs = blocks(readme, "js").map(({ line, text }) => [join(project, `line-${line}.mjs`), text] as const);
    for (const [file, program] of programs) writeFileSync(file, program);
    const compilerOptions = {
      target: "ES2022",
      module: "NodeNext",
      lib: ["ES2022", "ESNext.Disposable", "DOM"],
      types: ["node"],
      typeRoots: [at("pkg/node_modules/@types")],
      allowJs: true,
      checkJs: true,
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
    };
    const files = programs.map(([file]) => file);
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const { stdout } = spawnSync(at("pkg/node_modules/.bin/tsc"), ["--pretty", "false", "--project", project], {
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });

  it("shows nothing that is not tried", () => {
    // Commands and their output are tested with the demonstration and in the packaging tests.
    const tried = ["js", "html", "sh", "text"];
    expect(blocks(readme).filter(({ language }) => !tried.includes(language))).toEqual([]);
  });
});

/** The anchor of a section, as on GitHub. */
const slug = (title: string): string => title.toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-");

describe("README.md", () => {
  const [first] = blocks("README.md", "js");

  test("shows lines that the demonstration prints", () => {
    const printed = execFileSync(process.execPath, [at("pkg/demo/demo.mjs")], { encoding: "utf8" });
    // Lines of runs that write at the same time may come in another order.
    const lines = (text: string): string[] => text.split("\n").map((line) => line.replace(/^ *\d+ +/, ""));
    const shown = lines(blocks("README.md", "text")[0]?.text ?? "").filter((line) => line !== "");
    expect(shown.length).toBeGreaterThan(2);
    expect(lines(printed)).toEqual(expect.arrayContaining(shown));
  });

  test("shows the first program as it is in pkg/demo/first.mjs", () => {
    const file = readFileSync(at("pkg/demo/first.mjs"), "utf8");
    expect(file.replace(/^\/\/.*\n/, "")).toBe(first?.text);
  });

  test("leads to sections of the npm README that there are", () => {
    const manual = readFileSync(at("pkg/README.md"), "utf8");
    const sections = [...manual.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => slug(title));
    const links = [...readFileSync(at("README.md"), "utf8").matchAll(/\(pkg\/README\.md#([\w-]+)\)/g)];
    expect(links.length).toBeGreaterThan(3);
    expect(links.map(([, section]) => section).filter((section) => !sections.includes(section ?? ""))).toEqual([]);
  });

  test("names commands that there are", { timeout: 30_000 }, () => {
    const help = execFileSync("cargo", ["xtask", "--help"], { cwd: at("."), encoding: "utf8" });
    const commands = [...help.matchAll(/^ {2}(\w+) /gm)].map(([, command]) => command);
    const named = ["README.md", "pkg/README.md"].flatMap((readme) =>
      [...readFileSync(at(readme), "utf8").matchAll(/cargo xtask (\w+)/g)].map(([, command]) => command),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((command) => !commands.includes(command))).toEqual([]);
  });
});

test("the npm README lists every error code, once", () => {
  const declarations = readFileSync(at("pkg/dist/errors.d.ts"), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
  const [, declared = ""] = /type ErrorCode =([^;]*);/.exec(declarations) ?? [];
  const codes = [...declared.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const [, section = ""] = /\n## Errors\n(.*?)\n## /s.exec(readFileSync(at("pkg/README.md"), "utf8")) ?? [];
  const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  const unheard = /((?:`\w+`[, and]*)+) are words of the core/.exec(section.replaceAll("\n", " "))?.[1] ?? "";
  const listed = [...rows, ...[...unheard.matchAll(/`(\w+)`/g)].map(([, code]) => code)];
  expect(codes.length).toBeGreaterThan(20);
  expect(listed.sort()).toEqual(codes.sort());
});

describe("the demonstration", () => {
  test("checks itself and says where its journal lies", () => {
    const printed = execFileSync("node", [at("pkg/demo/demo.mjs")], { encoding: "utf8" });
    expect(printed).not.toContain("FAILED");
    const place = /The journal: (\S+) \((\d+) records\)/.exec(printed);
    const lines = readFileSync(at(place?.[1] ?? ""), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(Number(place?.[2]));
  });

  test("reads a run's mail as the manual does", () => {
    const mailIn = (path: string): string | undefined =>
      /^async function\* mail\(.*?^}$/ms.exec(readFileSync(at(path), "utf8"))?.[0];
    expect(mailIn("pkg/README.md")).toBeDefined();
    expect(mailIn("pkg/demo/demo.mjs")).toBe(mailIn("pkg/README.md"));
  });
});

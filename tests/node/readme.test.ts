import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe("the README", () => {
  const program = /```js\n(.*?)```/s.exec(readFileSync(at("README.md"), "utf8"))?.[1];

  test("shows the first program as it is in pkg/demo/first.mjs", () => {
    const file = readFileSync(at("pkg/demo/first.mjs"), "utf8");
    expect(file.replace(/^\/\/.*\n/, "")).toBe(program);
  });

  test("says what the first program prints", () => {
    const printed = execFileSync("node", [at("pkg/demo/first.mjs")], { encoding: "utf8" });
    const lines = printed.trimEnd().split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe("1 agent_pool_created");
    expect(lines[1]).toMatch(/^event\.agent_pool\.pool\.research\.1 \d{4}-\d\d-\d\dT/);
    expect(lines.at(-1)).toBe("delivered [ 'run.writer' ]");
  });
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
});

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { drawn } from "../../benches/growth/chart.mjs";
import { prove } from "../../benches/prove.mjs";
import { median, ratios } from "../../benches/statistics.mjs";
import { workloads } from "../../benches/workloads/index.mjs";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Row {
  readonly id: string;
  readonly ports: string;
  readonly error?: string;
  readonly package: number[];
  readonly yardstick: number[];
}

describe("the benchmark", () => {
  test("runs every workload on both contenders, over every kind of ports", { timeout: 180_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "agent-pool-bench-"));
    try {
      const json = join(folder, "figures.json");
      execFileSync("node", ["--expose-gc", at("benches/run.mjs"), "--quick", "--json", json], { encoding: "utf8" });
      const rows: Row[] = JSON.parse(readFileSync(json, "utf8")).rows;
      const expected = workloads.flatMap(({ id, ports }) => ports.map((kind) => `${id} ${kind}`));
      expect(rows.map(({ id, ports }) => `${id} ${ports}`)).toEqual([...expected, "j object"]);
      const letters = [..."abcdefghijk"];
      expect([...new Set(rows.map(({ id }) => id.charAt(0)))].sort()).toEqual(letters);
      for (const row of rows) {
        expect(row.error).toBeUndefined();
        for (const micros of [...row.package, ...row.yardstick]) expect(micros).toBeGreaterThan(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("times nothing where the contenders do not do the same", async () => {
    const [honest] = workloads;
    if (honest === undefined) throw new Error("there are workloads");
    const fails = (differ: (contender: { name: string }) => unknown) =>
      prove(
        { ...honest, make: (size) => ({ ...honest.make(size), round: (contender) => () => differ(contender) }) },
        "object",
      );
    await expect(fails(({ name }) => [{ said: [name] }])).rejects.toThrow(
      'a.4, object ports: the contenders differ in answers.0.0.said.0: "package" and "yardstick"',
    );
    await expect(fails(() => [])).resolves.toBeUndefined();
  });

  test("compares round by round", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(ratios([2, 6, 12], [1, 2, 3])).toEqual({ median: 3, least: 2, most: 4, ofBest: 2 });
  });

  test("draws what grows", () => {
    const points = [10, 10_000, 1_000_000].map((stored) => ({ stored, micros: 3, toThousand: 1, thousand: 3, bytes: stored * 900 }));
    const svg = drawn({ package: points, yardstick: points.slice(0, 2) });
    expect(svg.match(/<circle class="package"/g)).toHaveLength(5);
    expect(svg.match(/<circle class="yardstick"/g)).toHaveLength(3);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const lastLabels = [...svg.matchAll(/x="([\d.]+)" [^>]*text-anchor="middle">1,000,000</g)];
    expect(lastLabels).toHaveLength(2);
    // In a wide font, half of such a label is 33 wide.
    for (const [, x] of lastLabels) expect(Number(x)).toBeLessThan(880 - 40);
  });
});

test("measuring what there is not is an error", () => {
  const { status, stdout, stderr } = spawnSync("node", [at("benches/run.mjs"), "--only", "a.4,z"], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^error: no workload z; there are a\.4, .*, j\n$/);
});

describe("the yardstick", () => {
  test("is as it was given", () => {
    const digest = (file: string): string => createHash("sha256").update(readFileSync(at(file))).digest("hex");
    expect(digest("benches/yardstick/plain-pool.mjs")).toBe("c29387dd413257bd2f48c82190f02b6f314b1c71e2e1ff574ec552292eda2b9b");
    expect(digest("benches/yardstick/check.mjs")).toBe("ecc83a347e5583b5f178014c8e7123ef86e75a98b8e48d0fa3631cdacba158db");
  });

  test("does the work of the conformance corpus, as far as it goes", () => {
    const [scripts, traces] = [at("tests/conformance/scripts"), at("tests/conformance/traces")];
    const printed = execFileSync("node", [at("benches/yardstick/check.mjs"), scripts, traces], { encoding: "utf8" });
    expect(printed).toMatch(/^[1-9]\d* passed, 0 failed$/m);
  });
});

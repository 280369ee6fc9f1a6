import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

import { comparable } from "../conformance/comparable.js";
import { parse, stringify } from "../conformance/json.mjs";

const at = (path: string): string => fileURLToPath(new URL(`../conformance/${path}`, import.meta.url));

it.each(["h39_cursors.json", "h44_bad_ids.json"])(
  "trace.mjs prints the trace of %s, compact and sorted",
  async (name) => {
    const { stdout } = await promisify(execFile)(process.execPath, [at("trace.mjs"), at(`scripts/${name}`)]);
    expect(comparable(parse(stdout))).toEqual(comparable(parse(readFileSync(at(`traces/${name}`), "utf8"))));
    expect(stdout).toBe(`${stringify(parse(stdout))}\n`);
  },
);

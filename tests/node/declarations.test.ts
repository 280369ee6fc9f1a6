import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { parse, type Json } from "../conformance/json.mjs";
import { declarations, declaredEnumerations, declaredInterfaces } from "./declared-types.js";
import { rustEnumerations, rustStructures, type Field } from "./rust-types.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

it("no declaration says `any`", () => {
  expect(
    declarations()
      .replaceAll(/"[^"]*"/g, "")
      .match(/.*\bany\b.*/g),
  ).toBeNull();
});

describe("the words on the wire are those of the Rust types", () => {
  const declared = declaredEnumerations();
  const rust = rustEnumerations();

  it.each([...rust.keys()])("%s", (name) => {
    const words = [...(declared.get(name) ?? [])];
    // Loading and timers are this side's own, and a pool writes three kinds of records.
    if (name === "ErrorCode") {
      for (const own of ["load_failed", "close_timed_out"]) expect(words.splice(words.indexOf(own), 1)).toEqual([own]);
    }
    if (name === "JournalRecordKind") return expect(rust.get(name)).toEqual(expect.arrayContaining(words));
    expect(words.sort()).toEqual([...(rust.get(name) ?? [])].sort());
  });

  it("and none was overlooked", () => {
    expect(rust.size).toBeGreaterThanOrEqual(25);
    expect(rust.get("EventKind")).toHaveLength(119);
    expect(rust.get("EventFamily")).toHaveLength(20);
  });
});

describe("the fields on the wire are those of the Rust types", () => {
  const declared = declaredInterfaces();
  const rust = rustStructures();
  const names: { [rust: string]: string } = { ErrorIds: "AgentPoolErrorIds", JournalRecord: "JournalRecordFields" };
  // What the pool itself counts, or clocks tell, is no host's wide integer.
  const counted = ["journal_seq", "timestamp_millis", "sequence", "dropped_count"];

  it.each([...rust.keys()])("%s", (name) => {
    const fields = (rust.get(name) ?? []).filter(
      (field) => name !== "JournalRecord" || !["record_kind", "payload"].includes(field.name),
    );
    const interfaceFields = declared.get(names[name] ?? name) ?? [];
    expect(summary(interfaceFields)).toEqual(summary(fields));
    for (const { name, type } of fields.filter((field) => /\b(u64|NonZeroU64)\b/.test(field.type))) {
      const declaredType = interfaceFields.find((field) => field.name === name)?.type;
      expect(`${name} (${type}): ${declaredType}`).toBe(
        `${name} (${type}): ${counted.includes(name) ? "number" : "WideInteger"}`,
      );
    }
  });

  it("and none was overlooked", () => {
    expect(rust.size).toBeGreaterThanOrEqual(30);
  });
});

function summary(fields: readonly Field[]): string[] {
  return fields.map((field) => `${field.name}${field.isOptional ? "?" : ""}`).sort();
}

describe("under TypeScript's strictest rules", () => {
  const page = { lib: ["ES2022", "ESNext.Disposable", "DOM"], types: [] };
  const node = { lib: ["ES2022"], types: ["node"], typeRoots: [here("../../pkg/node_modules/@types")] };

  it("the types describe all that the reference ever recorded, and nothing else", { timeout: 60_000 }, () => {
    const names = { journals: "JournalRecord", buses: "EventFrame", stores: "AgentPoolStoreRecord" };
    const found = Object.fromEntries(Object.values(names).map((type) => [type, new Map<string, Json>()]));
    const folder = here("../conformance/traces/");
    for (const file of readdirSync(folder)) {
      const trace = parse(readFileSync(join(folder, file), "utf8")) as { [part in keyof typeof names]: Json };
      for (const [part, type] of Object.entries(names)) {
        for (const value of records(trace[part as keyof typeof names])) found[type]?.set(shape(value), value);
      }
    }
    expect(found["JournalRecord"]?.size).toBeGreaterThan(10);
    const constants = Object.entries(found).map(
      ([type, values]) =>
        `export const all${type}s: ${type}[] = [\n${[...values.values()].map(literal).join(",\n")}\n];`,
    );
    compile(
      `
      import type { ${Object.keys(found).join(", ")} } from "agent-pool";
      ${constants.join("\n")}
      // @ts-expect-error: or this test would find nothing.
      export const wrong: EventFrame[] = [{ ...allEventFrames[0]!, overflows: 1 }];
    `,
      page,
    );
  });

  it.each([
    ["on a page, where there are no types of Node", page],
    ["on Node, where there are no types of a page", node],
  ])("a host's callbacks know what they are given, and shorter data fits, %s", { timeout: 60_000 }, (_, platform) => {
    compile(HOST, platform);
  });
});

const HOST = `
  import { AgentPool, MemoryStore, load, seededIds, type EventFrame, type RunMessage } from "agent-pool";
  const frames: EventFrame[] = [];
  class Session { readonly started = true; }
  export const pool = await AgentPool.build({
    poolId: "pool.x",
    journal: { append: async (record) => record.record_kind === "wake" ? record.payload.condition_id : undefined },
    eventBus: {
      publish: (frame) => frame.event.envelope.event_kind,
      subscribe: (filter, cursor) => frames.filter(() => filter.filter_id !== cursor?.event_id),
    },
    store: new MemoryStore(),
    clock: () => 0,
    ids: seededIds(1),
    runLauncher: (request) => (request.agent_id, new Session()),
    messagePolicy: { required_policy_refs: ["p"] },
  });
  await load({ wasm: new Uint8Array() });
  export const session: Session = await pool.startRun({ run_id: "r", agent_id: "a" });
  await AgentPool.build({ poolId: "y", journal: (record) => record.record_id, eventBus: (frame) => frame.cursor });
  await pool.send({ from: "r", to: { topic: "t" }, content_ref: "c" });
  const message: RunMessage | undefined = (await pool.snapshot()).messages?.[0]?.message;
  if (message) await pool.send(message);
  const filter = { kinds: ["run_started"], run_ids: { include: ["r"] } } as const;
  for await (const frame of pool.subscribe(filter)) frame.overflow?.reason;
  await pool[Symbol.asyncDispose]();
  // @ts-expect-error
  await AgentPool.build({ poolId: "pool.z", jurnal: () => undefined });
  // @ts-expect-error
  await AgentPool.build({ poolId: "pool.z", journal: () => 5 });
  // @ts-expect-error
  pool.subscribe({ kinds: ["run_startet"] });
  // @ts-expect-error
  await pool.send({ from: "r", to: { nobody: "t" }, content_ref: "c" });
`;

/** Whatever lies in a part of a trace, which is lists in objects. */
function records(part: Json): Json[] {
  if (Array.isArray(part)) return part;
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(records) : [];
}

/** Which fields a value has, and which words in those that tell kinds apart. */
function shape(value: Json): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shape))].sort().join()}]`;
  if (typeof value !== "object" || value === null) return typeof value;
  const members = Object.entries(value).map(([key, member]) =>
    ["type", "mode", "record_kind", "event_kind"].includes(key)
      ? `${key}=${String(member)}`
      : `${key}:${shape(member)}`,
  );
  return `{${members.sort().join()}}`;
}

function literal(value: Json): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${literal(member)}`)
    .join()}}`;
}

/** Has TypeScript check a module against the built declarations, which are checked as well. */
function compile(source: string, platform: { lib: string[]; types: string[] }): void {
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
    };
    writeFileSync(join(folder, "module.ts"), source);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["module.ts"] }));
    execFileSync(here("../../pkg/node_modules/.bin/tsc"), ["--project", folder], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout?.slice(0, 4_000), { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

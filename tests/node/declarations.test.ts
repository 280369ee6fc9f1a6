import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { parse, type Json } from "../conformance/json.mjs";
import { compile, LANGUAGE, NODE, PAGE } from "./compiler.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The text of every declaration that is shipped, by its path in `dist`. The glue's are not part of the API. */
const declarations = new Map(
  readdirSync(here("../../pkg/dist"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts") && !/\bwasm\b/.test(file))
    .map((file) => [file, readFileSync(here(`../../pkg/dist/${file}`), "utf8")]),
);

it("no declaration says `any`", () => {
  const code = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|"[^"]*"/g, "");
  const sayers = [...declarations].filter(([, text]) => /\bany\b/.test(code(text)));
  expect(sayers.map(([file]) => file)).toEqual([]);
});

it("every declaration can be imported, but for what the classes of the platform are made from", () => {
  const importable = new Set(["index.d.ts", "testing/index.d.ts"].flatMap(exported));
  expect(importable.size).toBeGreaterThan(100);
  const others = [...declarations.values()].flatMap(declared).filter((name) => !importable.has(name));
  expect(others).toEqual(["InstanceOf", "UrlParts", "ResponseParts", "AbortSignalParts"]);
});

it("no comment sends users to documents that they do not have", () => {
  for (const text of declarations.values()) expect(text).not.toMatch(/REFERENCE|DESIGN|\b[Tt]he reference\b(?! to| of| by)/);
});

describe("under TypeScript's strictest rules", () => {
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
      PAGE,
    );
  });

  it.each([
    ["on a page, where there are no types of Node", PAGE],
    ["on Node, where there are no types of a page", NODE],
    ["where there are no types of any platform", LANGUAGE],
  ])("a host's callbacks know what they are given, and shorter data fits, %s", { timeout: 60_000 }, (_, platform) => {
    compile(HOST, platform);
  });

  it.each([
    ["on a page", PAGE],
    ["on Node", NODE],
    ["where there are no types of any platform", LANGUAGE],
  ])("signals, addresses and responses are what they are, %s", { timeout: 60_000 }, (_, platform) => {
    compile(PLATFORM_OBJECTS, platform);
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

/** The types for classes of the platform, which not every platform has types of. */
const PLATFORM_OBJECTS = `
  import { AgentPool, load, type EventBus } from "agent-pool";
  import type { PlatformAbortSignal, PlatformResponse, PlatformUrl } from "agent-pool";
  declare const signal: PlatformAbortSignal;
  declare const url: PlatformUrl;
  declare const response: PlatformResponse;
  const pool = await AgentPool.build({ poolId: "pool.x", wasm: url });
  await load({ wasm: Promise.resolve(response) });
  pool.subscribe({}, { signal });
  pool.watchPool(undefined, { signal });
  export const bus: EventBus = {
    publish: () => undefined,
    async *subscribe(filter, cursor, options) {
      const ended = new Promise<void>((resolve) => options?.signal.addEventListener("abort", () => resolve()));
      if (options?.signal.aborted === false) await ended;
    },
  };
  // @ts-expect-error
  pool.subscribe({}, { signal: 5 });
  // @ts-expect-error
  pool.watchPool(undefined, { signal: { aborted: "maybe" } });
  // @ts-expect-error
  await load({ wasm: 5 });
  // @ts-expect-error
  export const number: number = signal;
`;

/** What a file of declarations declares. tsc begins each in a line of its own. */
function declared(text: string): string[] {
  const kinds = "class|const|enum|function|interface|let|namespace|type";
  const names = text.matchAll(new RegExp(`^(?:export )?(?:declare )?(?:abstract )?(?:${kinds}) (\\w+)`, "gm"));
  return [...names].map(([, name = ""]) => name);
}

/** What an entry exports: by its name, or with everything that another file declares. */
function exported(entry: string): string[] {
  const text = declarations.get(entry) ?? "";
  const lists = [...text.matchAll(/^export (?:type )?\{(.*)\} from/gm)];
  const files = [...text.matchAll(/^export type \* from "\.\/(.*)\.js"/gm)];
  return [
    ...lists.flatMap(([, list = ""]) => list.match(/\w+(?=,|\s*$)/g) ?? []),
    ...files.flatMap(([, path]) => declared(declarations.get(`${path}.d.ts`) ?? "")),
  ];
}

/** The records in a part of a trace, which consists of lists in objects. */
function records(part: Json): Json[] {
  if (Array.isArray(part)) return part;
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(records) : [];
}

/** The fields of a value, with the words in those fields that distinguish kinds. */
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

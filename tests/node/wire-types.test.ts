// The declared types equal those of the Rust sources: a change on one side alone is found here. Types are compared as
// TypeScript compares identities: fields, optional or not, their types, words, tags and wide integers.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

import { diagnose, PAGE } from "./compiler.js";
import { rustTypes, rustWords } from "./rust-types.js";

/** The declared form of the records. In Rust, kind and payload are types of their own. */
const RECORD = "Omit<declared.JournalRecordFields, never> & Pick<declared.JournalRecord, 'record_kind' | 'payload'>";

/** The Rust types whose declared type has another name or, for the reason given, is not equal. */
const DECLARED: { readonly [rust: string]: string } = {
  JournalRecord: `Plain<${RECORD}>`,
  // Only the package can fail to load, or has a time limit.
  ErrorCode: 'Exclude<declared.ErrorCode, "load_failed" | "close_timed_out">',
  // The reference knows more kinds of records than a pool writes.
  JournalRecordKind: `declared.JournalRecordKind | ${words("JournalRecordKind", "agent_pool", "run_message", "wake")}`,
};

/** Declared types that have no equal in Rust. */
const PACKAGE_ONLY = [
  // The records by their kind, and their common fields: together they are Rust's JournalRecord and
  // JournalRecordPayload.
  ...["JournalRecordFields", "AgentPoolJournalRecord", "RunMessageJournalRecord", "WakeJournalRecord"],
  ...["AgentPoolJournalPayload", "RunMessageJournalPayload", "WakeJournalPayload"],
  // Helpers with which other types are made.
  ...["WideInteger", "Given", "Without"],
];

const types = rustTypes();
const PREAMBLE = `
  import type * as declared from "agent-pool";
  type Same<A, B> = Probe<A> extends Probe<B> ? true : { declared: A; rust: B };
  type Probe<A> = <T>() => T extends A ? 1 : 2;
  type Plain<T> = T extends object ? { -readonly [Field in keyof T]: T[Field] } : T;
`;
const FIRST_LINE = PREAMBLE.split("\n").length;
const diagnostics = diagnose(
  PREAMBLE +
    types
      .map(({ name, typescript, parameter }) => {
        const declared = DECLARED[name] ?? `declared.${name}${parameter ? '<"probe">' : ""}`;
        const rust = parameter ? typescript.replaceAll(new RegExp(`\\b${parameter}\\b`, "g"), '"probe"') : typescript;
        return `export const of${name}: Same<Plain<${declared}>, Plain<${rust}>> = true;`;
      })
      .join("\n"),
  PAGE,
);

it.each(types.map(({ name }, index) => [name, index] as const))("%s is declared as it is in Rust", (_, index) => {
  expect(diagnostics.get(FIRST_LINE + index)).toBeUndefined();
});

it("nothing else is wrong with the comparison", () => {
  const lines = types.map((_, index) => FIRST_LINE + index);
  expect([...diagnostics].filter(([line]) => !lines.includes(line))).toEqual([]);
});

it("every type of the wire that is declared is compared, or an input form", () => {
  const compared = new Set([...types.map(({ name }) => name), ...PACKAGE_ONLY]);
  const folder = new URL("../../pkg/src/types/", import.meta.url);
  const declared = readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), "utf8").matchAll(/^export (?:type|interface) (\w+)/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(declared.filter((name) => !compared.has(name) && !name.endsWith("Input"))).toEqual([]);
  expect(PACKAGE_ONLY.filter((name) => !declared.includes(name))).toEqual([]);
});

it("the Rust sources are read whole", () => {
  expect(types.length).toBeGreaterThanOrEqual(70);
  expect(rustWords("EventKind")).toHaveLength(119);
  expect(rustWords("EventFamily")).toHaveLength(20);
});

/** The words of a Rust enumeration except for some, as a union. */
function words(name: string, ...except: readonly string[]): string {
  const others = rustWords(name).filter((word) => !except.includes(word));
  return others.map((word) => JSON.stringify(word)).join(" | ");
}

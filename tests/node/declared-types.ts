// What the built declarations say the wire is.

import { readdirSync, readFileSync } from "node:fs";

import type { Field } from "./rust-types.js";

const dist = new URL("../../pkg/dist/", import.meta.url);

/** All declarations but those of the glue, without comments. */
export function declarations(): string {
  const files = ["./", "types/"].flatMap((folder) =>
    readdirSync(new URL(folder, dist)).map((file) => new URL(`${folder}${file}`, dist)),
  );
  const texts = files.filter((file) => file.pathname.endsWith(".d.ts")).map((file) => readFileSync(file, "utf8"));
  return texts.join("\n").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}

/** The words of all types that are nothing but a choice of words, or of such types. */
export function declaredEnumerations(): Map<string, string[]> {
  const choices = new Map<string, string[]>();
  for (const [, name = "", body = ""] of declarations().matchAll(/^export type (\w+) =([^;{}()<>]*);/gm)) {
    choices.set(
      name,
      [...body.matchAll(/"([^"]*)"|\w+/g)].map(([whole]) => whole),
    );
  }
  const wordsOf = (name: string): string[] =>
    (choices.get(name) ?? []).flatMap((choice) => (choice.startsWith('"') ? [choice.slice(1, -1)] : wordsOf(choice)));
  return new Map([...choices.keys()].map((name) => [name, wordsOf(name)]));
}

/** The fields of all interfaces. */
export function declaredInterfaces(): Map<string, Field[]> {
  const interfaces = new Map<string, Field[]>();
  for (const [, name = "", body = ""] of declarations().matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    const fields = [...body.matchAll(/^    (?:readonly )?(\w+)(\??): (.*);$/gm)];
    interfaces.set(
      name,
      fields.map(([, name = "", mark = "", type = ""]) => ({ name, type, isOptional: mark === "?" })),
    );
  }
  return interfaces;
}

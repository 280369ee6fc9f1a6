// What the Rust sources say the wire is, read well enough for these sources.

import { readdirSync, readFileSync } from "node:fs";

export interface Field {
  readonly name: string;
  readonly type: string;
  /** Whether it may be missing on output. */
  readonly isOptional: boolean;
}

function sources(): string[] {
  return ["domain", "record", "port"].flatMap((module) => {
    const folder = new URL(`../../src/${module}/`, import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith(".rs"));
    return files.map((file) => readFileSync(new URL(file, folder), "utf8"));
  });
}

/** The names on the wire of all plain enumerations. */
export function rustEnumerations(): Map<string, string[]> {
  const enumerations = new Map<string, string[]>();
  for (const source of sources()) {
    for (const [, name = "", body = ""] of source.matchAll(/^    pub enum (\w+) \{\n([\s\S]*?)^    \}/gm)) {
      const words = [...body.matchAll(/^ *\w+ = "([^"]+)",$/gm)].map(([, word = ""]) => word);
      if (words.length > 0) enumerations.set(name, words);
    }
    const kinds = [...source.matchAll(/^    \w+ = "(\w+)" (?:terminal|progress|ordinary);$/gm)];
    if (kinds.length > 0)
      enumerations.set(
        "EventKind",
        kinds.map(([, kind = ""]) => kind),
      );
  }
  return enumerations;
}

/** The fields of all structures that are written as JSON. */
export function rustStructures(): Map<string, Field[]> {
  const structures = new Map<string, Field[]>();
  for (const source of sources()) {
    for (const [, derived = "", name = "", body = ""] of source.matchAll(
      /^#\[derive\(([^)]*)\)\]\n(?:#\[.*\n)*pub struct (\w+) \{\n([\s\S]*?)^\}/gm,
    )) {
      if (!derived.includes("Serialize")) continue;
      const fields = [...body.matchAll(/((?:^ *#\[.*\n)*)^    (?:pub )?(?:r#)?(\w+): (.*),$/gm)];
      const written = fields.filter(([, attributes = ""]) => !attributes.includes("#[serde(skip)]"));
      structures.set(
        name,
        written.map(([, attributes = "", name = "", type = ""]) => ({
          name,
          type,
          isOptional: attributes.includes("skip_serializing_if"),
        })),
      );
    }
  }
  return structures;
}

// Reads the types of the wire from the Rust sources and translates them to TypeScript. The sources must be formatted by
// rustfmt. Whatever is not understood is an error, so that nothing is missed.

import { readdirSync, readFileSync } from "node:fs";

/** A Rust type that is written as JSON. */
export interface RustType {
  readonly name: string;
  /** Its translation to TypeScript. The types that it names are the package's. */
  readonly typescript: string;
  /** The parameter of a generic type. */
  readonly parameter?: string;
}

/** Numbers that the pool counts or a clock tells. They do not come from the host's data, and are never above 2^53-1. */
const COUNTED = new Set([
  "JournalRecord.journal_seq",
  "JournalRecord.timestamp_millis",
  "AgentPoolStoreCursor.sequence",
  "EventOverflowNotice.dropped_count",
]);

/** Texts that are always a word of an enumeration (REFERENCE 46). */
const WORDS: { readonly [place: string]: string } = {
  "EventIndexProjection.event_family": "declared.EventFamily",
  "EventIndexProjection.event_kind": "declared.EventKind",
  "EventIndexProjection.delivery_semantics": "declared.EventDeliverySemantics",
  "JournalRecord.delivery_semantics": "declared.EventDeliverySemantics",
};

/** The package's names of types that have another name in Rust. */
const DECLARED_AS: { readonly [rust: string]: string } = { ErrorIds: "AgentPoolErrorIds" };

/** All types of the wire. */
export function rustTypes(): RustType[] {
  const files = sources();
  const texts = textTypes(files);
  const toTypeScript = (type: string, place: string): string => expression(type, place, texts);
  return files.flatMap((source) => [
    ...wordLists(source),
    ...eventKinds(source),
    ...structures(source, toTypeScript),
    ...choices(source, toTypeScript),
  ]);
}

/** The words of an enumeration whose variants are plain words. */
export function rustWords(name: string): string[] {
  const type = rustTypes().find((type) => type.name === name);
  return [...(type?.typescript ?? "").matchAll(/"(\w+)"/g)].map(([, word = ""]) => word);
}

function sources(): string[] {
  return ["domain", "record", "port"].flatMap((module) => {
    const folder = new URL(`../../src/${module}/`, import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith(".rs"));
    // Types that tests declare are not on the wire.
    return files.map((file) => {
      const source = readFileSync(new URL(file, folder), "utf8");
      return source.replace(/\n#\[cfg\(test\)\]\nmod [\s\S]*/, "\n");
    });
  });
}

/** The types that are written as a plain text. */
function textTypes(sources: readonly string[]): Set<string> {
  const names = new Set(["String", "Text"]);
  for (const source of sources) {
    for (const [, body = ""] of source.matchAll(/^(?:id_type|unchecked_text)! \{\n([\s\S]*?)^\}/gm)) {
      for (const [, name = ""] of body.matchAll(/^    (\w+);$/gm)) names.add(name);
    }
    const transparent = /^#\[serde\(transparent\)\]\npub struct (\w+)\(Text\);/gm;
    for (const [, name = ""] of source.matchAll(transparent)) names.add(name);
  }
  return names;
}

/** Translates a Rust type to TypeScript. */
function expression(type: string, place: string, texts: ReadonlySet<string>): string {
  const [, name = "", argument] = /^(?:\w+::)*(\w+)(?:<(.*)>)?$/.exec(type) ?? [];
  const inner = (): string => expression(argument ?? "", place, texts);
  if (["Vec", "List"].includes(name)) return `Array<${inner()}>`;
  if (["Box", "Arc"].includes(name)) return inner();
  if (name === "Option") return `${inner()} | null`;
  if (["u16", "u32"].includes(name)) return "number";
  if (["u64", "NonZeroU64"].includes(name)) return COUNTED.has(place) ? "number" : "declared.WideInteger";
  if (name === "bool") return "boolean";
  if (name === "RunInput") return "unknown";
  if (texts.has(name)) return WORDS[place] ?? "string";
  // A type parameter of the type that is being read.
  if (name === "T") return "T";
  if (!/^[A-Z]\w+$/.test(name)) throw new Error(`${place}: what is ${type}?`);
  return `declared.${DECLARED_AS[name] ?? name}${argument === undefined ? "" : `<${inner()}>`}`;
}

/** `wire_enum!`: enumerations whose variants are plain words. */
function wordLists(source: string): RustType[] {
  return [...source.matchAll(/^wire_enum! \{\n[\s\S]*?^    pub enum (\w+) \{\n([\s\S]*?)^    \}/gm)].map(
    ([, name = "", body = ""]) => ({
      name,
      typescript: union([...body.matchAll(/^ *\w+ = ("[^"]+"),$/gm)].map(([, word = ""]) => word)),
    }),
  );
}

/** `event_kinds!`: the kinds of events, and the kinds of each class. */
function eventKinds(source: string): RustType[] {
  const kinds = [...source.matchAll(/^    \w+ = ("\w+") (terminal|progress|ordinary);$/gm)];
  if (kinds.length === 0) return [];
  const ofClass = (wanted: string) => kinds.filter(([, , found]) => found === wanted).map(([, word = ""]) => word);
  return [
    { name: "EventKind", typescript: union(kinds.map(([, word = ""]) => word)) },
    { name: "TerminalEventKind", typescript: union(ofClass("terminal")) },
    { name: "ProgressEventKind", typescript: union(ofClass("progress")) },
    { name: "OrdinaryEventKind", typescript: union(ofClass("ordinary")) },
  ];
}

type ToTypeScript = (type: string, place: string) => string;

/** Structures that derive serde's `Serialize`. */
function structures(source: string, toTypeScript: ToTypeScript): RustType[] {
  return items(source, "struct").map(([indent = "", , name = "", , body = ""]) => ({
    name: DECLARED_AS[name] ?? name,
    typescript: object(fields(body, `${indent}    `, name, toTypeScript)),
  }));
}

/** Enumerations that derive serde's `Serialize`, with or without a tag. */
function choices(source: string, toTypeScript: ToTypeScript): RustType[] {
  return items(source, "enum").map(([indent = "", attributes = "", name = "", parameter, body = ""]) => {
    if (!attributes.includes('rename_all = "snake_case"')) throw new Error(`${name}: how are its variants named?`);
    const tag = /tag = "(\w+)"/.exec(attributes)?.[1];
    const content = `\\((.*)\\)| \\{\\n([\\s\\S]*?)^${indent}    \\}`;
    const variants = [...body.matchAll(new RegExp(`^${indent}    ([A-Z]\\w+)(?:${content})?,$`, "gm"))];
    expectAll(body, `${indent}    `, variants.length, name);
    const alternatives = variants.map(([, variant = "", content, members]) => {
      const word = JSON.stringify(snakeCase(variant));
      const place = `${name}.${variant}`;
      const inner =
        members === undefined
          ? content && toTypeScript(content, place)
          : object(fields(members, `${indent}        `, place, toTypeScript));
      if (tag === undefined) return inner ? `{ ${word}: ${inner} }` : word;
      return inner ? `Plain<{ ${tag}: ${word} } & ${inner}>` : `{ ${tag}: ${word} }`;
    });
    return { name, typescript: union(alternatives), ...(parameter && { parameter }) };
  });
}

/** Public structures or enumerations that are serialized: indentation, attributes, name, parameter, body. */
function items(source: string, keyword: "struct" | "enum"): string[][] {
  const derives = "^( *)#\\[derive\\(([^)]*)\\)\\]\\n((?: *#\\[.*\\n)*)";
  const found = source.matchAll(
    new RegExp(`${derives} *pub ${keyword} (\\w+)(?:<(\\w+)>)? \\{\\n([\\s\\S]*?)^\\1\\}`, "gm"),
  );
  return [...found]
    .filter(([, , derived = ""]) => /\bSerialize\b/.test(derived))
    .map(([, indent = "", , attributes = "", name = "", parameter = "", body = ""]) => [
      indent,
      attributes,
      name,
      parameter,
      body,
    ]);
}

/** The serialized fields of a structure or variant, one per line, as members of an object type. */
function fields(body: string, indent: string, owner: string, toTypeScript: ToTypeScript): string[] {
  const found = [
    ...body.matchAll(new RegExp(`((?:^ *#\\[.*\\n)*)^${indent}(?:pub )?(?:r#)?([a-z]\\w*): (.*),$`, "gm")),
  ];
  expectAll(body, indent, found.length, owner);
  return found.flatMap(([, attributes = "", name = "", type = ""]) => {
    if (attributes.includes("#[serde(skip)]")) return [];
    const isLeftOut = attributes.includes("skip_serializing_if");
    // A field that is `None` is left out, so no `null` is written.
    const typescript = toTypeScript(isLeftOut ? type.replace(/^Option<(.*)>$/, "$1") : type, `${owner}.${name}`);
    return [`${name}${isLeftOut ? "?" : ""}: ${typescript}`];
  });
}

/** Fails if a structure or enumeration has more members than were understood. */
function expectAll(body: string, indent: string, understood: number, owner: string): void {
  const members = body.match(new RegExp(`^${indent}\\w`, "gm"))?.length ?? 0;
  if (members !== understood) throw new Error(`${owner}: ${understood} of ${members} members were understood`);
}

function object(members: readonly string[]): string {
  return `{ ${members.join("; ")} }`;
}

function union(alternatives: readonly string[]): string {
  return alternatives.join(" | ");
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

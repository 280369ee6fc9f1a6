// The fenced blocks of the READMEs.

import { readFileSync } from "node:fs";

export interface Block {
  /** The language of the block; empty if it states none. */
  readonly language: string;
  /** The line of the README in which the block begins. */
  readonly line: number;
  readonly text: string;
}

/** The blocks of a README of this repository, in one language or in all. */
export function blocks(readme: string, language?: string): Block[] {
  const text = readFileSync(new URL(`../../${readme}`, import.meta.url), "utf8");
  const found = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] ?? "",
    line: text.slice(0, match.index).split("\n").length + 1,
    text: match[2] ?? "",
  }));
  return language === undefined ? found : found.filter((block) => block.language === language);
}

// Reads a program's command line.
import { parseArgs } from "node:util";

/**
 * The options that were given. Any other argument ends the program with an error.
 *
 * @template {{ [option: string]: { type: "boolean", default: boolean } | { type: "string", default?: string } }} Options
 * @param {Options} options
 * @returns {{ [Name in keyof Options]: Options[Name] extends { type: "boolean" } ? boolean : string | undefined }}
 */
export function asked(options) {
  try {
    return /** @type {any} */ (parseArgs({ options }).values);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return process.exit(2);
  }
}

import type { JournalRecord } from "../types/journal.js";
import { breach } from "./contract.js";
import { heldData, until } from "./data.js";

/** What a journal holds: records, or the texts of records. */
export type HeldRecords = Iterable<JournalRecord | string>;

/** Looks at what a journal holds. */
type Look = () => HeldRecords | PromiseLike<HeldRecords>;

/** The part of the patience in which a journal is looked at for a record that it takes after it failed it. */
const LATE = 10;

export function idsOf(held: HeldRecords): (string | undefined)[] {
  return heldData(held).map((record) => (typeof record === "string" ? undefined : record.record_id));
}

/** The records that a journal holds, as many as it took: one that holds them too late breaks another promise. */
export async function settledRecords(
  look: Look,
  taken: readonly unknown[],
  millis: number,
): Promise<(JournalRecord | string)[]> {
  const read = async (): Promise<(JournalRecord | string)[]> => heldData(await look());
  const held = await until(millis, read, (held) => held.length >= taken.length);
  if (held.length !== taken.length) breach(`it took ${taken.length} records and holds ${held.length}`);
  return held;
}

/** Gives a journal some time to take what it must not: more records than these. */
export async function waitForMore(look: Look, taken: number, millis: number): Promise<void> {
  const count = async (): Promise<number> => Array.from(await look()).length;
  await until(millis / LATE, count, (held) => held > taken);
}

import type { JournalRecord } from "../types/journal.js";
import { breach } from "./clauses.js";
import { heldData, until } from "./data.js";
import type { HeldRecords } from "./journal.js";

/** Returns what a journal holds. */
type Look = () => HeldRecords | PromiseLike<HeldRecords>;

/** A journal that failed a record is watched for the patience divided by this, in case it takes the record late. */
const LATE = 10;

export function idsOf(held: HeldRecords): (string | undefined)[] {
  return heldData(held).map((record) => (typeof record === "string" ? undefined : record.record_id));
}

/**
 * The records that a journal holds, once they are as many as it took. A journal that holds them too late breaks another
 * promise.
 */
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

/** Waits for some time whether a journal takes more than this number of records, which it must not. */
export async function waitForMore(look: Look, taken: number, millis: number): Promise<void> {
  const count = async (): Promise<number> => Array.from(await look()).length;
  await until(millis / LATE, count, (held) => held > taken);
}

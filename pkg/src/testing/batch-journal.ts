import type { Journal } from "../ports.js";
import type { TextJournal } from "../text-ports.js";
import type { Without } from "../types/given.js";
import type { JournalRecord } from "../types/journal.js";
import { breach, clausesOf, patience } from "./clauses.js";
import type { ContractClause } from "./contract.js";
import { canonical, decodeLine, inTime, whyNoText, type Timely } from "./data.js";
import { idsOf, settledRecords, waitForMore } from "./held-records.js";
import { journalContract, type JournalContractOptions } from "./journal.js";
import { EVERY_KIND, MANY, ODD_TEXTS, WIDE_INTEGERS, play, type Script } from "./script.js";

/** A journal that takes several records at once. */
export type BatchJournalPort =
  | (Required<Journal> & Without<"appendJson" | "appendBatchJson">)
  | (Required<TextJournal> & Without<"append" | "appendBatch">);

/**
 * What a journal with `appendBatch` or `appendBatchJson` promises to a pool (see {@link Journal} and
 * {@link TextJournal}), as clauses to be run one by one: all that any journal promises, and what becomes of several
 * records at once. The clauses use batches of up to some hundreds of records.
 */
export function batchJournalContract<Port extends BatchJournalPort>(
  make: () => Port | PromiseLike<Port>,
  options: JournalContractOptions<Port> = {},
): ContractClause[] {
  const { records, failNext } = options;
  const millis = patience(options);
  const clause = clausesOf(make, options.end);
  const batching = (name: string, check: (trial: Trial<Port>) => Promise<void>): ContractClause =>
    clause(name, async (make) => {
      for (const script of [EVERY_KIND, WIDE_INTEGERS, ODD_TEXTS, MANY]) {
        await check(new Trial(await make(), await linesOf(script, millis), millis));
      }
    });
  return [
    ...journalContract(make, options),
    batching("takes batches of every kind of record and of every size", takes),
    batching("answers every batch", answers),
    batching("answers a batch with nothing, or with a cursor or nothing for every record", answersCursors),
    ...(records === undefined
      ? []
      : [
          batching("holds a batch as soon as it has answered", (trial) => holdsAtOnce(trial, records)),
          batching("holds batches of records as given, in that order", (trial) => holdsAll(trial, records)),
        ]),
    ...(records === undefined || failNext === undefined
      ? []
      : [
          batching("holds nothing of a batch that it failed", (trial) => holdsNothingFailed(trial, records, failNext)),
        ]),
  ];
}

type Records<Port extends BatchJournalPort> = NonNullable<JournalContractOptions<Port>["records"]>;
type FailNext<Port extends BatchJournalPort> = NonNullable<JournalContractOptions<Port>["failNext"]>;

/** The texts of the records that a script leads to. */
async function linesOf(script: Script, millis: number): Promise<string[]> {
  const lines: string[] = [];
  await play({ journal: { appendJson: (line) => void lines.push(line) } }, script, millis);
  return lines;
}

/** A new journal, and the records for it. */
class Trial<Port extends BatchJournalPort> {
  readonly journal: Port;
  readonly lines: readonly string[];
  readonly millis: number;

  constructor(journal: Port, lines: readonly string[], millis: number) {
    this.journal = journal;
    this.lines = lines;
    this.millis = millis;
  }

  /** The records in batches, which grow from one record to some hundreds. */
  *batches(): Generator<readonly string[]> {
    for (let place = 0, size = 1; place < this.lines.length; place += size, size *= 3) {
      yield this.lines.slice(place, place + size);
    }
  }

  append(line: string): Promise<Timely<unknown>> {
    const journal: BatchJournalPort = this.journal;
    return inTime<unknown>(this.millis, () =>
      journal.appendJson === undefined ? journal.append(decodeLine(line)) : journal.appendJson(line),
    );
  }

  appendBatch(lines: readonly string[]): Promise<Timely<unknown>> {
    const journal: BatchJournalPort = this.journal;
    return inTime<unknown>(this.millis, () =>
      journal.appendJson === undefined
        ? journal.appendBatch(lines.map((line) => decodeLine<JournalRecord>(line)))
        : journal.appendBatchJson([...lines]),
    );
  }
}

async function takes(trial: Trial<BatchJournalPort>): Promise<void> {
  for (const lines of trial.batches()) {
    const appended = await trial.appendBatch(lines);
    if (appended.state === "broken") breach(`it failed a batch of ${lines.length} records`, appended);
    if (appended.state === "late") return;
  }
}

async function answers(trial: Trial<BatchJournalPort>): Promise<void> {
  for (const lines of trial.batches()) {
    const { state } = await trial.appendBatch(lines);
    if (state === "late") breach(`it did not answer a batch of ${lines.length} records within ${trial.millis} ms`);
  }
}

async function answersCursors(trial: Trial<BatchJournalPort>): Promise<void> {
  for (const lines of trial.batches()) {
    const appended = await trial.appendBatch(lines);
    if (appended.state === "late") return;
    if (appended.state === "broken" || appended.value === undefined) continue;
    const cursors: unknown = appended.value;
    if (!Array.isArray(cursors)) breach(`its answer is no list, but ${whyNoText(cursors) ?? "a text"}`);
    if (cursors.length !== lines.length) breach(`its answer to ${lines.length} records has ${cursors.length} entries`);
    const whys = cursors.map((cursor) => (cursor === undefined ? undefined : whyNoText(cursor)));
    const wrong = whys.findIndex((why) => why !== undefined);
    if (wrong >= 0) breach(`its answer to record ${wrong + 1} of a batch of ${lines.length} is ${whys[wrong]}`);
  }
}

async function holdsAtOnce<Port extends BatchJournalPort>(trial: Trial<Port>, records: Records<Port>): Promise<void> {
  for (const lines of trial.batches()) {
    const appended = await trial.appendBatch(lines);
    if (appended.state === "late") return;
    if (appended.state === "broken") continue;
    const held = idsOf(await records(trial.journal));
    const missing = idsOf(lines).filter((id) => !held.includes(id));
    if (missing.length > 0) breach(`it had answered, and did not hold ${missing.length} of ${lines.length} records`);
  }
}

async function holdsAll<Port extends BatchJournalPort>(trial: Trial<Port>, records: Records<Port>): Promise<void> {
  const taken: string[] = [];
  for (const [first = "", ...lines] of trial.batches()) {
    if ((await trial.append(first)).state === "kept") taken.push(first);
    if (lines.length === 0) continue;
    const { state } = await trial.appendBatch(lines);
    if (state === "late") return;
    if (state === "kept") taken.push(...lines);
  }
  const held = await settledRecords(() => records(trial.journal), taken, trial.millis);
  const differing = held.findIndex((record, index) => canonical(record) !== canonical(decodeLine(taken[index]!)));
  if (differing >= 0) breach(`the record that it holds in place ${differing + 1} is not the one that it was given`);
}

async function holdsNothingFailed<Port extends BatchJournalPort>(
  trial: Trial<Port>,
  records: Records<Port>,
  failNext: FailNext<Port>,
): Promise<void> {
  const { journal, lines, millis } = trial;
  const [first = "", ...rest] = lines;
  // Whether single appends succeed is no promise about batches.
  if ((await trial.append(first)).state !== "kept") return;
  await failNext(journal);
  const failed = await trial.appendBatch(rest);
  if (failed.state === "late") return;
  if (failed.state === "kept") breach("`failNext` did not have the next batch fail");
  await waitForMore(() => records(journal), 1, millis);
  const again = await trial.appendBatch(rest);
  if (again.state === "kept") await settledRecords(() => records(journal), lines, millis);
}

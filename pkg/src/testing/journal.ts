import { MemoryJournal } from "../index.js";
import type { JournalPort } from "../port-forms.js";
import type { JournalRecord } from "../types/journal.js";
import { breach, clausesOf, patience, type MakePort } from "./clauses.js";
import type { ContractClause, ContractOptions, EndPort } from "./contract.js";
import { canonical, whyNoText } from "./data.js";
import { idsOf, settledRecords, waitForMore } from "./held-records.js";
import {
  EVERY_KIND,
  ODD_TEXTS,
  SHORT,
  WIDE_INTEGERS,
  end,
  openPool,
  play,
  playOn,
  type Played,
  type Script,
} from "./script.js";
import { SpiedJournal, type Answered, type Failed } from "./spied-journal.js";

/** Options of the contract of a journal. */
export interface JournalContractOptions<Port extends JournalPort> extends ContractOptions {
  /**
   * Returns what the journal holds, oldest first: records, or their texts. With this option the contract also tests
   * what becomes of the records.
   */
  readonly records?: ((journal: Port) => HeldRecords | PromiseLike<HeldRecords>) | undefined;
  /**
   * Makes the next append fail, of one record or of a batch, as a full disk would. With this option and `records`, the
   * contract also tests that a failed append leaves nothing.
   */
  readonly failNext?: ((journal: Port) => void | PromiseLike<void>) | undefined;
  /** Closes a journal that the contract had made. Default: nothing is done. */
  readonly end?: EndPort<Port> | undefined;
}

/** What a journal holds: records, or the texts of records. */
export type HeldRecords = Iterable<JournalRecord | string>;

/**
 * What a journal promises to a pool (see {@link JournalPort}), as clauses to be run one by one. `make` must return a
 * new, empty journal every time, or a promise of one. A journal that takes batches promises more: see
 * `batchJournalContract`.
 */
export function journalContract<Port extends JournalPort>(
  make: () => Port | PromiseLike<Port>,
  options: JournalContractOptions<Port> = {},
): ContractClause[] {
  const { records, failNext } = options;
  const clause = clausesOf(make, options.end);
  const trying = (name: string, check: (trial: Trial<Port>) => Promise<void>): ContractClause =>
    clause(name, (make) => check(new Trial(make, patience(options))));
  return [
    trying("takes every kind of record", (trial) => takes(trial, EVERY_KIND)),
    trying("takes integers above 2^53-1, bigints unless it takes text", (trial) => takes(trial, WIDE_INTEGERS)),
    trying("takes texts of every length and script", (trial) => takes(trial, ODD_TEXTS)),
    trying("answers every append", answers),
    trying("answers nothing, or a text of 1 to 512 bytes without control characters", answersCursors),
    ...(records === undefined
      ? []
      : [
          trying("holds a record as soon as it has answered", (trial) => holdsAtOnce(trial, records)),
          trying("holds all records as they were given, in that order", (trial) => holdsAll(trial, records)),
        ]),
    ...(records === undefined || failNext === undefined
      ? []
      : [trying("holds nothing of an append that it failed", (trial) => holdsNothingFailed(trial, records, failNext))]),
  ];
}

const SCRIPTS: readonly [string, Script][] = [
  ["records of every kind", EVERY_KIND],
  ["records with integers above 2^53-1", WIDE_INTEGERS],
  ["records with texts of every length and script", ODD_TEXTS],
];

type Records<Port extends JournalPort> = NonNullable<JournalContractOptions<Port>["records"]>;

/** A journal on which a script was played. */
interface Tried<Port> {
  readonly journal: Port;
  readonly played: Played;
  readonly taken: readonly JournalRecord[];
  readonly answers: readonly Answered[];
  readonly failed: readonly Failed[];
}

class Trial<Port extends JournalPort> {
  readonly make: MakePort<Port>;
  readonly millis: number;

  constructor(make: MakePort<Port>, millis: number) {
    this.make = make;
    this.millis = millis;
  }

  async play(script: Script, onTaken?: (journal: Port, record: JournalRecord) => Promise<void>): Promise<Tried<Port>> {
    const journal = await this.make();
    if (journal instanceof MemoryJournal) return this.#playInMemory(journal, script);
    const spied = new SpiedJournal(journal);
    if (onTaken !== undefined) spied.onTaken = (record) => onTaken(journal, record);
    const played = await play({ journal: spied.port }, script, this.millis);
    const { taken, answers, failed } = spied;
    return { journal, played, taken, answers, failed };
  }

  /**
   * Nothing can stand between the core and the package's own journal. Another journal therefore records the records of
   * the same script.
   */
  async #playInMemory(journal: Port & MemoryJournal, script: Script): Promise<Tried<Port>> {
    const played = await play({ journal }, script, this.millis);
    const other = new SpiedJournal(() => undefined);
    await play({ journal: other.port }, script, this.millis);
    const failed = played.failures.map((cause) => ({ kind: "agent_pool", cause }) as const);
    return { journal, played, taken: other.taken, answers: [], failed };
  }
}

async function takes(trial: Trial<JournalPort>, script: Script): Promise<void> {
  const [failed] = (await trial.play(script)).failed;
  if (failed !== undefined) breach(`it failed a record of the kind ${failed.kind}`, failed);
}

async function answers(trial: Trial<JournalPort>): Promise<void> {
  const { played } = await trial.play(EVERY_KIND);
  if (played.isStuck) breach(`it did not answer an append within ${trial.millis} ms`);
}

async function answersCursors(trial: Trial<JournalPort>): Promise<void> {
  for (const { kind, answer } of (await trial.play(EVERY_KIND)).answers) {
    const why = answer === undefined ? undefined : whyNoText(answer);
    if (why !== undefined) breach(`its answer to a record of the kind ${kind} is ${why}`);
  }
}

async function holdsAtOnce<Port extends JournalPort>(trial: Trial<Port>, records: Records<Port>): Promise<void> {
  let missing: string | undefined;
  await trial.play(EVERY_KIND, async (journal, record) => {
    if (!idsOf(await records(journal)).includes(record.record_id)) missing ??= record.record_kind;
  });
  if (missing !== undefined) breach(`it had answered, and did not hold a record of the kind ${missing}`);
}

async function holdsAll<Port extends JournalPort>(trial: Trial<Port>, records: Records<Port>): Promise<void> {
  for (const [about, script] of SCRIPTS) {
    const { journal, taken } = await trial.play(script);
    const held = await settledRecords(() => records(journal), taken, trial.millis);
    const differing = held.findIndex((record, index) => canonical(record) !== canonical(taken[index]));
    if (differing >= 0) {
      breach(`of ${about}, the one that it holds in place ${differing + 1} is not the one that it was given`);
    }
  }
}

async function holdsNothingFailed<Port extends JournalPort>(
  trial: Trial<Port>,
  records: Records<Port>,
  failNext: (journal: Port) => void | PromiseLike<void>,
): Promise<void> {
  const journal = await trial.make();
  if (journal instanceof MemoryJournal) return;
  const spied = new SpiedJournal(journal);
  const pool = await openPool({ journal: spied.port });
  try {
    await playOn(pool, SHORT, trial.millis);
    await failNext(journal);
    await playOn(pool, EVERY_KIND.slice(3, 4), trial.millis);
    if (spied.failed.length === 0) breach("`failNext` did not have the next append fail");
    // The failed step again, and the rest but for the last steps. These come after the wait for a late record.
    await playOn(pool, EVERY_KIND.slice(3, -2), trial.millis);
    await waitForMore(() => records(journal), spied.taken.length, trial.millis);
    await playOn(pool, EVERY_KIND.slice(-2), trial.millis);
    await settledRecords(() => records(journal), spied.taken, trial.millis);
  } finally {
    await end(pool);
  }
}

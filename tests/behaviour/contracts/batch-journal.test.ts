import type { Journal, JournalRecord, TextJournal } from "agent-pool";
import { batchJournalContract, type JournalContractOptions } from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { settle } from "../support.js";
import { Breaches, IMPATIENT, revised, violations } from "./broken.js";
import { HostJournal } from "./host-journal.js";

type Answer = ReturnType<Required<Journal>["appendBatch"]>;

/** A journal of a host's that takes batches as well. */
class HostBatchJournal extends HostJournal implements Required<Journal> {
  /** Records that are to be written with the next call, before its own. */
  readonly late: JournalRecord[] = [];

  appendBatch(records: JournalRecord[]): Answer {
    return this.take(records);
  }

  override take(records: readonly JournalRecord[]): string[] {
    if (!this.isFull) this.records.push(...this.late.splice(0));
    return super.take(records);
  }
}

const OPTIONS: JournalContractOptions<HostBatchJournal> = {
  ...IMPATIENT,
  records: (journal) => journal.records,
  failNext: (journal) => void (journal.isFull = true),
};

describe("the contract of a journal that takes batches is kept by", () => {
  it("one that answers at once", async () => {
    expect(await violations(batchJournalContract(() => new HostBatchJournal(), OPTIONS))).toEqual([]);
  });

  it.each<[string, (take: () => string[]) => Answer]>([
    ["later", async (take) => (await settle(), take())],
    ["nothing", (take) => void take()],
    ["a promise of nothing", async (take) => void take()],
    ["a cursor for some records", (take) => take().map((place, index) => (index % 2 === 0 ? place : undefined))],
  ])("one that answers %s", async (_, appendBatch) => {
    class Answering extends HostBatchJournal {
      override appendBatch(records: JournalRecord[]): Answer {
        return appendBatch(() => this.take(records));
      }
    }
    expect(await violations(batchJournalContract<HostBatchJournal>(() => new Answering(), OPTIONS))).toEqual([]);
  });

  it("one that takes text", async () => {
    class Lines implements Required<TextJournal> {
      file = "";
      isFull = false;
      appendJson(line: string): void {
        this.appendBatchJson([line]);
      }
      appendBatchJson(lines: string[]): void {
        if (this.isFull) {
          this.isFull = false;
          throw new Error("the disk is full");
        }
        // The list is the journal's own.
        this.file += lines.splice(0).map((line) => `${line}\n`).join("");
      }
    }
    const options: JournalContractOptions<Lines> = {
      ...IMPATIENT,
      records: (journal) => journal.file.split("\n").slice(0, -1),
      failNext: (journal) => void (journal.isFull = true),
    };
    expect(await violations(batchJournalContract(() => new Lines(), options))).toEqual([]);
  });
});

describe("of a journal that breaks it, exactly the broken promise is found:", () => {
  const breaches = new Breaches();
  type AppendBatch = (this: HostBatchJournal, records: JournalRecord[]) => unknown;
  const lacking = (appendBatch: AppendBatch) => {
    class Broken extends HostBatchJournal {
      override appendBatch(records: JournalRecord[]): Answer {
        return appendBatch.call(this, records) as Answer;
      }
    }
    return batchJournalContract<HostBatchJournal>(() => new Broken(), OPTIONS);
  };

  const HELD = "holds batches of records as given, in that order";
  const CURSORS = "answers a batch with nothing, or with a cursor or nothing for every record";
  const NOTHING = "holds nothing of a batch that it failed";

  it.each<[string, string, AppendBatch]>([
    [
      "takes batches of every kind of record and of every size",
      "one that takes a hundred records at most",
      function (records) {
        if (records.length > 100 && !this.isFull) throw new Error("too many");
        return this.take(records);
      },
    ],
    [
      "answers every batch",
      "one that forgets a large batch",
      function (records) {
        if (records.length > 80 && !this.isFull) return new Promise(() => undefined);
        return this.take(records);
      },
    ],
    [
      "answers every batch",
      "one that forgets a large batch, and fails a larger one",
      function (records) {
        if (records.length > 150 && !this.isFull) throw new Error("too many");
        if (records.length > 80 && !this.isFull) return new Promise(() => undefined);
        return this.take(records);
      },
    ],
    [
      CURSORS,
      "one that answers the last cursor alone",
      function (records) {
        return this.take(records).at(-1);
      },
    ],
    [
      CURSORS,
      "one that answers a cursor too few",
      function (records) {
        return this.take(records).slice(1);
      },
    ],
    [
      CURSORS,
      "one that answers a cursor too many",
      function (records) {
        return [...this.take(records), "place"];
      },
    ],
    [
      CURSORS,
      "one that answers an object with cursors by their places",
      function (records) {
        return Object.assign({ length: records.length }, this.take(records)) as never;
      },
    ],
    [
      CURSORS,
      "one that answers numbers",
      function (records) {
        return this.take(records).map((_, index) => index);
      },
    ],
    [
      "holds a batch as soon as it has answered",
      "one that writes later",
      function (records) {
        if (this.isFull) return this.take(records);
        this.late.push(...records);
        void settle().then(() => this.take([]));
        return undefined;
      },
    ],
    [
      HELD,
      "one that writes the last record first",
      function (records) {
        return this.take([...records].reverse());
      },
    ],
    [
      HELD,
      "one that makes lossy numbers of bigints",
      function (records) {
        const lossy = (member: unknown): unknown => (typeof member === "bigint" ? Number(member) : member);
        return this.take(records.map((record) => revised(record, lossy) as JournalRecord));
      },
    ],
    [
      HELD,
      "one that knows no foreign script",
      function (records) {
        const inAscii = (member: unknown): unknown =>
          typeof member === "string" ? member.replaceAll(/[^ -~]/g, "?") : member;
        return this.take(records.map((record) => revised(record, inAscii) as JournalRecord));
      },
    ],
    [
      NOTHING,
      "one that fails halfway",
      function (records) {
        if (this.isFull) this.records.push(...records.slice(0, 1));
        return this.take(records);
      },
    ],
    [
      NOTHING,
      "one that fails, and writes later all the same",
      function (records) {
        if (this.isFull) setTimeout(() => this.records.push(...records), 1);
        return this.take(records);
      },
    ],
  ])("%s (%s)", (promise, _, appendBatch) => breaches.expect(lacking(appendBatch), promise));

  it("and there is a broken one for every promise about batches", () => {
    const clauses = batchJournalContract(() => new HostBatchJournal(), OPTIONS);
    const ofAnyJournal = 8;
    breaches.expectAllTried(clauses.slice(ofAnyJournal));
    expect(clauses).toHaveLength(ofAnyJournal + 6);
  });
});

it("a `failNext` that has no effect on batches is told of", async () => {
  class Steady extends HostBatchJournal {
    override appendBatch(records: JournalRecord[]): Answer {
      this.isFull = false;
      return this.take(records);
    }
  }
  const found = await violations(batchJournalContract<HostBatchJournal>(() => new Steady(), OPTIONS));
  expect(found.map(({ message }) => message)).toEqual([
    "holds nothing of a batch that it failed: `failNext` did not have the next batch fail",
  ]);
});

it("what a journal threw is the cause of the violation", async () => {
  const cause = new Error("no such table");
  class Failing extends HostBatchJournal {
    override appendBatch(): never {
      throw cause;
    }
  }
  const [first] = await violations(batchJournalContract<HostBatchJournal>(() => new Failing(), IMPATIENT));
  expect(first).toMatchObject({ clause: "takes batches of every kind of record and of every size", cause });
});

it("the answer that is no cursor is named by its place", async () => {
  class Counting extends HostBatchJournal {
    override appendBatch(records: JournalRecord[]): Answer {
      return this.take(records).map((place, index) => (index === 2 ? 5 : place)) as Answer;
    }
  }
  const found = await violations(batchJournalContract<HostBatchJournal>(() => new Counting(), OPTIONS));
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringContaining(": its answer to record 3 of a batch of 3 is "),
  ]);
});

it("the record that is not held as given is named by its place", async () => {
  class Swapping extends HostBatchJournal {
    override appendBatch([first, ...records]: JournalRecord[]): Answer {
      return this.take([first!, ...records.reverse()]);
    }
  }
  const found = await violations(batchJournalContract<HostBatchJournal>(() => new Swapping(), OPTIONS));
  // One record, three and nine: the first of each is appended alone, so the sixth is the first of the batch of eight.
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining("in place 7 is not the one")]);
});

it("a journal that takes nothing but batches is not blamed for what it did not take", async () => {
  class Batches extends HostBatchJournal {
    override append(): never {
      throw new Error("one is too few");
    }
  }
  const found = await violations(batchJournalContract<HostBatchJournal>(() => new Batches(), OPTIONS));
  const clauses = found.map(({ clause }) => clause);
  expect(clauses.length).toBeGreaterThan(0);
  expect(clauses).not.toContain("holds batches of records as given, in that order");
  expect(clauses).not.toContain("holds nothing of a batch that it failed");
});

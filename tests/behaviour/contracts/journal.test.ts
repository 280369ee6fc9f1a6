import { MemoryJournal, type Journal, type JournalRecord } from "agent-pool";
import { journalContract, type JournalContractOptions } from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { settle, told } from "../support.js";
import { Breaches, IMPATIENT, revised, violations } from "./broken.js";
import { HostJournal } from "./host-journal.js";

const OPTIONS: JournalContractOptions<HostJournal> = {
  ...IMPATIENT,
  records: (journal) => journal.records,
  failNext: (journal) => void (journal.isFull = true),
};

describe("the contract of a journal is kept by", () => {
  it("the one in memory", async () => {
    const contract = journalContract(() => new MemoryJournal(), { records: (journal) => journal.records() });
    expect(await violations(contract)).toEqual([]);
  });

  it("a function", async () => {
    expect(await violations(journalContract(() => () => undefined))).toEqual([]);
  });

  it("one whose records come back with their members in another order, and with some that are undefined", async () => {
    const records = (journal: HostJournal): JournalRecord[] =>
      journal.records.map((record) => {
        const members = [["archived", undefined], ...Object.entries(record).reverse()];
        return Object.fromEntries(members) as unknown as JournalRecord;
      });
    expect(await violations(journalContract(() => new HostJournal(), { ...OPTIONS, records }))).toEqual([]);
  });

  it("one of a host's, that answers at once or later", async () => {
    class Later extends HostJournal {
      override append = async (record: JournalRecord): Promise<string> => {
        await Promise.resolve();
        return super.append(record) as string;
      };
    }
    for (const make of [() => new HostJournal(), async () => new Later()]) {
      expect(await violations(journalContract<HostJournal>(make, OPTIONS))).toEqual([]);
    }
  });
});

describe("of a journal that breaks it, exactly the broken promise is found:", () => {
  const breaches = new Breaches();
  const lacking = (append: (this: HostJournal, record: JournalRecord, take: () => string) => unknown) => {
    class Broken extends HostJournal {
      override append(record: JournalRecord): ReturnType<Journal["append"]> {
        return append.call(this, record, () => super.append(record) as string) as string;
      }
    }
    return journalContract<HostJournal>(() => new Broken(), OPTIONS);
  };

  /** Makes a journal that passes the values of a record through `revise` before it keeps them. */
  const keeping = (revise: (member: unknown) => unknown): Parameters<typeof lacking>[0] =>
    function (_record, take) {
      const answer = take();
      this.records.push(revised(this.records.pop(), revise) as JournalRecord);
      return answer;
    };

  it.each<[string, string, Parameters<typeof lacking>[0]]>([
    [
      "takes every kind of record",
      "one that knows no wakes",
      (record, take) => {
        if (record.record_kind === "wake" && record.payload.trigger_status === "cancelled")
          throw new Error("unknown kind");
        return take();
      },
    ],
    [
      "takes integers above 2^53-1, bigints unless it takes text",
      "one that writes JSON",
      (record, take) => (JSON.stringify(record), take()),
    ],
    [
      "takes texts of every length and script",
      "one with columns of 255 characters",
      (record, take) => {
        if (record.run_id.length > 255) throw new Error("too long for the column");
        return take();
      },
    ],
    [
      "answers every append",
      "one that forgets a record",
      (record, take) =>
        record.record_kind === "run_message" && record.journal_seq > 12 ? new Promise(() => undefined) : take(),
    ],
    [
      "answers nothing, or a text of 1 to 512 bytes without control characters",
      "one that answers numbers",
      function (_record, take) {
        take();
        return this.records.length;
      },
    ],
    [
      "answers nothing, or a text of 1 to 512 bytes without control characters",
      "one that answers null",
      function (_record, take) {
        take();
        return null;
      },
    ],
    [
      "holds a record as soon as it has answered",
      "one that writes later",
      function (_record, take) {
        if (this.isFull) return take();
        void settle().then(take);
        return undefined;
      },
    ],
    [
      "holds all records as they were given, in that order",
      "one that leaves out what it does not know",
      function (record, take) {
        const answer = take();
        this.records[this.records.length - 1] = { ...record, privacy: "public" } as JournalRecord;
        return answer;
      },
    ],
    [
      "holds all records as they were given, in that order",
      "one that makes lossy numbers of bigints",
      keeping((member) => (typeof member === "bigint" ? Number(member) : member)),
    ],
    [
      "holds all records as they were given, in that order",
      "one that makes texts of bigints",
      keeping((member) => (typeof member === "bigint" ? String(member) : member)),
    ],
    [
      "holds all records as they were given, in that order",
      "one that knows no texts but in Latin-1",
      keeping((member) => (typeof member === "string" ? member.replace(/[^\u0000-\u00ff]/g, "?") : member)),
    ],
    [
      "holds nothing of an append that it failed",
      "one that fails, and writes later all the same",
      function (record, take) {
        if (this.isFull) setTimeout(() => this.records.push(record), 1);
        return take();
      },
    ],
    [
      "holds nothing of an append that it failed",
      "one that fails after it wrote",
      function (record, take) {
        if (this.isFull) this.records.push(record);
        return take();
      },
    ],
  ])("%s (%s)", (promise, _, append) => breaches.expect(lacking(append), promise));

  it("and there is a broken one for every promise", () => {
    breaches.expectAllTried(journalContract(() => new HostJournal(), OPTIONS));
  });
});

it("what a journal threw is the cause of the violation", async () => {
  const cause = new Error("no such table");
  const contract = journalContract(() => () => {
    throw cause;
  });
  const [first] = await violations(contract);
  expect(first).toMatchObject({ name: "ContractViolation", clause: "takes every kind of record", cause });
});

it("a `failNext` that has no effect is told of, as nothing can be tried with it", async () => {
  const contract = journalContract(() => new HostJournal(), { ...OPTIONS, failNext: () => undefined });
  expect((await violations(contract)).map(({ message }) => message)).toEqual([
    "holds nothing of an append that it failed: `failNext` did not have the next append fail",
  ]);
});

it("what the making of a journal throws comes as it is", async () => {
  const cause = new Error("no such server");
  const [first] = journalContract(() => Promise.reject<Journal>(cause));
  await expect(first!.run()).rejects.toBe(cause);
});

it("a journal whose records cannot be looked at is tried for the rest", () => {
  const names = (contract: readonly { name: string }[]): string[] => contract.map(({ name }) => name);
  expect(names(journalContract(() => new HostJournal()))).toHaveLength(5);
  expect(new Set(names(journalContract(() => new HostJournal(), OPTIONS))).size).toBe(8);
});

it("the contract is tried with every kind of record that a pool makes", async () => {
  const journals: HostJournal[] = [];
  const make = (): HostJournal => {
    journals.push(new HostJournal());
    return journals.at(-1)!;
  };
  await journalContract(make, OPTIONS)[0]!.run();
  const seen = new Set(journals[0]!.records.map((record) => `${record.record_kind} ${told([record])[0]}`));
  expect([...seen].sort()).toEqual(
    [
      ...["created", "run_joined", "run_left"].map((status) => `agent_pool ${status}`),
      ...["accepted", "cancelled", "delivered", "expired", "failed", "responded", "timed_out"].map(
        (status) => `run_message ${status}`,
      ),
      ...["cancelled", "registered", "timed_out", "triggered"].map((status) => `wake ${status}`),
    ].sort(),
  );
});

import type { EventFrame, JournalRecord } from "agent-pool";
import {
  askedEventBusContract,
  batchJournalContract,
  ContractViolation,
  eventBusContract,
  journalContract,
  type ContractClause,
} from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { IMPATIENT } from "./broken.js";

/** A port that holds a resource until it is ended. */
class Held {
  /** The ports that were made and have not been ended. */
  static readonly open = new Set<Held>();
  static made = 0;
  readonly #fails: boolean;

  constructor(fails: boolean) {
    this.#fails = fails;
    Held.open.add(this);
    Held.made += 1;
  }

  append(_record: JournalRecord): string {
    this.#use();
    return "place";
  }

  appendBatch(records: JournalRecord[]): string[] {
    this.#use();
    return records.map(() => "place");
  }

  publish(_frame: EventFrame): void {
    this.#use();
  }

  subscribe(): EventFrame[] {
    this.#use();
    return [];
  }

  async end(): Promise<void> {
    await Promise.resolve();
    expect(Held.open.delete(this)).toBe(true);
  }

  #use(): void {
    if (this.#fails || !Held.open.has(this)) throw new Error("the file is closed");
  }
}

const OPTIONS = { ...IMPATIENT, end: (port: Held) => port.end() };

describe.each<[string, (fails: boolean) => ContractClause[]]>([
  ["a journal", (fails) => journalContract(() => new Held(fails), OPTIONS)],
  ["a journal that takes batches", (fails) => batchJournalContract(() => new Held(fails), OPTIONS)],
  ["an event bus", (fails) => eventBusContract(() => new Held(fails), OPTIONS)],
  ["a bus that is asked", (fails) => askedEventBusContract(() => new Held(fails), OPTIONS)],
])("what the contract of %s had made", (_, contract) => {
  it.each([
    ["kept", false],
    ["broken", true],
  ])("is ended after every promise, be it %s", async (_, fails) => {
    for (const { run } of contract(fails)) {
      Held.made = 0;
      await run().catch(() => undefined);
      expect([Held.made > 0, Held.open.size]).toEqual([true, 0]);
    }
  });
});

describe("if ending a port fails", () => {
  const contract = (append: () => string) => {
    let made = 0;
    let ended = 0;
    const clauses = batchJournalContract(
      () => {
        made += 1;
        return { append, appendBatch: (records) => records.map(append) };
      },
      {
        ...IMPATIENT,
        end: () => {
          ended += 1;
          throw new Error("it cannot be ended");
        },
      },
    );
    return { clauses, counts: () => ({ made, open: made - ended }) };
  };

  it("the other ports are ended all the same, and the failure is told", async () => {
    const { clauses, counts } = contract(() => "place");
    for (const { run } of clauses) await expect(run()).rejects.toThrow("it cannot be ended");
    expect(counts().made).toBeGreaterThan(clauses.length);
    expect(counts().open).toBe(0);
  });

  it("a broken promise is told and not the failure", async () => {
    const { clauses, counts } = contract(() => {
      throw new Error("the disk is full");
    });
    await expect(clauses[0]!.run()).rejects.toBeInstanceOf(ContractViolation);
    expect(counts().open).toBe(0);
  });
});

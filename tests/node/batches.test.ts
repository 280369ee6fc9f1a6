// How a journal gets several records at once. The test calls what the core calls. (That the core does so, and when, is
// tested with the core.)

import type { Journal, JournalPort, JournalRecord, MemoryJournal } from "agent-pool";
import { describe, expect, it } from "vitest";

import { CalledJournal, type HostJournal } from "../../pkg/src/host-journal.js";
import { readPlainMessage } from "../../pkg/src/read-plain-message.js";
import { readJournal } from "../../pkg/src/read-ports.js";
import { Runtime, type Glue } from "../../pkg/src/runtime.js";
import type { Scratch } from "../../pkg/src/scratch.js";
import type { WasmPool } from "../../pkg/src/wasm/agent_pool.js";
import { untouchable } from "../behaviour/hostile-ports/hostile.js";

/** The number of an answer that is to come. */
const LATER = 7;

/** A journal as it is given to the core. `told` gets the answers that the core is told later. */
function coreJournal(journal: Exclude<JournalPort, MemoryJournal>, told?: Told): HostJournal {
  const settle = (number: number, isFulfilled: boolean, value: unknown): void => {
    expect(number).toBe(LATER);
    (isFulfilled ? told?.resolve : told?.reject)?.(value);
  };
  const core = { later: () => LATER, settle } as unknown as Glue;
  const runtime = new Runtime(core, { write: () => 0 } as unknown as Scratch);
  holdMessage(runtime);
  return new CalledJournal(runtime, readJournal(journal));
}

/** Has a message from `agent.a` to `run.b` held in the first slot, as while it is being sent. */
function holdMessage({ messages }: Runtime): void {
  ["agent.a", "run.b"].forEach((name, number) => messages.learn(number, name));
  const given = { message_id: "message.1", from: "run.a", to: { run: "run.b" }, content_ref: "content.1" };
  const pool = { sendPlain: () => 0 } as unknown as WasmPool;
  messages.send(pool, readPlainMessage("pool.x", given)!, () => undefined);
}

interface Told {
  readonly resolve: (value: unknown) => void;
  readonly reject: (thrown: unknown) => void;
}

const append = (): undefined => undefined;
const LINES = ['{"record_id":"\u2028"}', '{"record_id":"b","timestamp_millis":18446744073709551615}'] as const;
/** The lines as they come from the core, which marks the second because of its number. */
const MARKED = `${LINES[0]}\n${LINES[1]} `;
/** Two records of the message that is held, `accepted` and `delivered`. */
const NUMBERS = [[0, 0, 1, 0, 1, 2], [0, 1, 2, 0, 0, 0]] as const;

type Appending = (core: HostJournal) => unknown;

const asTexts: Appending = (core) => core.appendBatch!(MARKED);
const asMessages: Appending = (core) => core.appendMessages(Float64Array.from(NUMBERS.flat()));

/** What the core gets of a journal's answer to two records, at once or later. */
function seen(answer: () => unknown, appending = asTexts): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const core = coreJournal({ append, appendBatch: () => answer() as undefined }, { resolve, reject });
    const told = appending(core);
    if (told !== LATER) resolve(told);
  });
}

describe("a journal is called for several records at once", () => {
  it("and its cursors are what stands in the list, whatever that iterates over", async () => {
    const places = Object.assign(["place.a", "place.b"], {
      *[Symbol.iterator]() {
        yield "place.c";
      },
    });
    expect(await seen(() => places)).toEqual(["place.a", "place.b"]);
    expect(await seen(async () => places)).toEqual(["place.a", "place.b"]);
  });

  it("with objects that are its own, in a list that is its own too", () => {
    class Kept implements Required<Journal> {
      readonly given: JournalRecord[][] = [];
      append(): void {}
      appendBatch(records: JournalRecord[]): string[] {
        this.given.push(records);
        return records.splice(0).map(({ record_id }) => record_id);
      }
    }
    const journal = new Kept();
    const core = coreJournal(journal);
    expect(core.appendBatch!(MARKED)).toEqual(["\u2028", "b"]);
    expect(journal.given).toHaveLength(1);
  });

  it("with integers above 2^53-1 as bigints", () => {
    const times: unknown[] = [];
    const appendBatch = (records: JournalRecord[]): void =>
      void times.push(...records.map(({ timestamp_millis }) => timestamp_millis));
    coreJournal({ append, appendBatch }).appendBatch!(MARKED);
    expect(times).toEqual([undefined, 2n ** 64n - 1n]);
  });

  it("with the lines that the core wrote", () => {
    const given: string[][] = [];
    const appendBatchJson = (lines: string[]): void => void given.push(lines);
    const core = coreJournal({ appendJson: append, appendBatchJson });
    core.appendBatch!(MARKED);
    core.appendBatch!(LINES[0]);
    expect(given).toEqual([[...LINES], [LINES[0]]]);
  });

  it("only if it takes them", () => {
    for (const journal of [append, { append }, { appendJson: append }]) {
      expect(coreJournal(journal).appendBatch).toBeUndefined();
    }
  });
});

describe.each([
  ["texts", asTexts],
  ["messages that are held", asMessages],
])("of the answer to several records, given as %s, the core sees a list of its own", (_, appending) => {
  const disguised = new Proxy(["place.1", undefined], {});
  it.each<[string, unknown, unknown[]]>([
    ["a cursor and nothing", ["place.1", undefined], ["place.1", undefined]],
    ["a list with holes", new Array(2), [undefined, undefined]],
    ["a frozen list", Object.freeze(["place.1", "place.2"]), ["place.1", "place.2"]],
    ["a list in disguise", disguised, ["place.1", undefined]],
    ["nothing", undefined, [undefined, undefined]],
    ["half a surrogate pair, which is no cursor", ["place.1", "\ud800"], ["place.1", null]],
  ])("%s", async (_, answer, cursors) => {
    for (const given of [await seen(() => answer, appending), await seen(async () => answer, appending)]) {
      expect(given).toEqual(cursors);
      expect(given).not.toBe(answer);
    }
  });

  it.each<[string, unknown]>([
    ["a list that is too short", ["place.1"]],
    ["a list that is too long", ["place.1", "place.2", "place.3"]],
    ["a text", "place.1"],
    ["a number", 2],
    ["null", null],
    ["an object that looks like a list", { length: 2, 0: "place.1", 1: "place.2" }],
    ["another iterable", new Set(["place.1", "place.2"])],
  ])("%s, which is no answer: the core refuses another length", async (_, answer) => {
    expect(await seen(() => answer, appending)).toEqual([]);
    expect(await seen(async () => answer, appending)).toEqual([]);
  });

  it("and what is thrown when the host's is read is a failure of the journal", async () => {
    const cause = new Error("not to be read");
    const trapped = new Proxy(["place.1", "place.2"], {
      get: (list, key) => {
        if (key === "1") throw cause;
        return Reflect.get(list, key) as unknown;
      },
    });
    await expect(seen(() => trapped, appending)).rejects.toBe(cause);
    await expect(seen(async () => trapped, appending)).rejects.toBe(cause);
    await expect(seen(() => untouchable(), appending)).rejects.toThrow("it was touched");
  });

  it("or what the journal threw, as it is", async () => {
    const cause = new Error("the disk is full");
    const fail = (): never => {
      throw cause;
    };
    await expect(seen(fail, appending)).rejects.toBe(cause);
    await expect(seen(async () => fail(), appending)).rejects.toBe(cause);
  });
});

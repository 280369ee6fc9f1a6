// How a journal gets several records at once: what the core calls, called here in its place. (That it does call it, and
// when, is the core's to show.)

import { AgentPool, type Journal, type JournalPort, type JournalRecord } from "agent-pool-panic-probe";
import { describe, expect, it } from "vitest";

import { untouchable } from "../behaviour/hostile-ports/hostile.js";

/** A journal as the core has it. */
interface CoreJournal {
  append(recordText: string): unknown;
  appendBatch?(linesText: string): unknown;
}

/** What the core is given for a journal. */
async function coreJournal(journal: JournalPort): Promise<CoreJournal> {
  const glue = new URL("../../pkg/dist-panic-probe/wasm/agent_pool.js", import.meta.url).href;
  const { WasmPort } = (await import(/* @vite-ignore */ glue)) as {
    WasmPort: { hostJournal(journal: CoreJournal): unknown };
  };
  const host = WasmPort.hostJournal;
  const given: CoreJournal[] = [];
  WasmPort.hostJournal = function (this: unknown, journal) {
    given.push(journal);
    return host.call(this, journal);
  };
  await (await AgentPool.build({ poolId: "pool.a", journal })).close();
  WasmPort.hostJournal = host;
  return given[0]!;
}

const append = (): undefined => undefined;
const LINES = ['{"record_id":"\u2028"}', '{"record_id":"b","timestamp_millis":18446744073709551615}'] as const;

/** What the core gets to see of a journal's answer to two records. */
async function seen(answer: () => unknown): Promise<unknown> {
  const core = await coreJournal({ append, appendBatch: () => answer() as undefined });
  return core.appendBatch!(LINES.join("\n"));
}

describe("a journal is called for several records at once", () => {
  it("with objects that are its own, in a list that is its own too", async () => {
    class Kept implements Required<Journal> {
      readonly given: JournalRecord[][] = [];
      append(): void {}
      appendBatch(records: JournalRecord[]): string[] {
        this.given.push(records);
        return records.splice(0).map(({ record_id }) => record_id);
      }
    }
    const journal = new Kept();
    const core = await coreJournal(journal);
    expect(core.appendBatch!(LINES.join("\n"))).toEqual(["\u2028", "b"]);
    expect(journal.given).toHaveLength(1);
  });

  it("with integers above 2^53-1 as bigints", async () => {
    const times: unknown[] = [];
    const appendBatch = (records: JournalRecord[]): void =>
      void times.push(...records.map(({ timestamp_millis }) => timestamp_millis));
    (await coreJournal({ append, appendBatch })).appendBatch!(LINES.join("\n"));
    expect(times).toEqual([undefined, 2n ** 64n - 1n]);
  });

  it("with the lines that the core wrote", async () => {
    const given: string[][] = [];
    const appendBatchJson = (lines: string[]): void => void given.push(lines);
    const core = await coreJournal({ appendJson: append, appendBatchJson });
    core.appendBatch!(LINES.join("\n"));
    core.appendBatch!(LINES[0]);
    expect(given).toEqual([[...LINES], [LINES[0]]]);
  });

  it("only if it takes them", async () => {
    for (const journal of [append, { append }, { appendJson: append }]) {
      expect((await coreJournal(journal)).appendBatch).toBeUndefined();
    }
  });
});

describe("of the answer to several records the core sees a list of its own", () => {
  const disguised = new Proxy(["place.1", undefined], {});
  it.each<[string, unknown, unknown[]]>([
    ["a cursor and nothing", ["place.1", undefined], ["place.1", undefined]],
    ["a list with holes", new Array(2), [undefined, undefined]],
    ["a frozen list", Object.freeze(["place.1", "place.2"]), ["place.1", "place.2"]],
    ["a list in disguise", disguised, ["place.1", undefined]],
    ["nothing", undefined, []],
  ])("%s", async (_, answer, cursors) => {
    for (const given of [await seen(() => answer), await seen(async () => answer)]) {
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
  ])("%s, which is no answer", async (_, answer) => {
    expect(await seen(() => answer)).toEqual([null]);
    expect(await seen(async () => answer)).toEqual([null]);
  });

  it("and what is thrown when the host's is read is a failure of the journal", async () => {
    const cause = new Error("not to be read");
    const trapped = new Proxy(["place.1", "place.2"], {
      get: (list, key) => {
        if (key === "1") throw cause;
        return Reflect.get(list, key) as unknown;
      },
    });
    await expect(seen(() => trapped)).rejects.toBe(cause);
    await expect(seen(async () => trapped)).rejects.toBe(cause);
    await expect(seen(() => untouchable())).rejects.toThrow("it was touched");
  });

  it("or what the journal threw, as it is", async () => {
    const cause = new Error("the disk is full");
    const fail = (): never => {
      throw cause;
    };
    await expect(seen(fail)).rejects.toBe(cause);
    await expect(seen(async () => fail())).rejects.toBe(cause);
  });
});

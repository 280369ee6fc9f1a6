import type { EventFrame, TextEventBus, TextJournal } from "agent-pool";
import {
  askedEventBusContract,
  eventBusContract,
  journalContract,
  type EventBusContractOptions,
  type JournalContractOptions,
} from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { settle } from "../support.js";
import { IMPATIENT, violations } from "./broken.js";

/** A journal such as a host may write, which keeps a file of lines. */
class Lines implements TextJournal {
  readonly lines: string[] = [];
  isFull = false;

  appendJson(line: string): ReturnType<TextJournal["appendJson"]> {
    if (this.isFull) {
      this.isFull = false;
      throw new Error("the disk is full");
    }
    return `place.${this.lines.push(line)}`;
  }
}

const OF_LINES: JournalContractOptions<Lines> = {
  ...IMPATIENT,
  records: (journal) => journal.lines,
  failNext: (journal) => void (journal.isFull = true),
};

/** A bus such as a host may write, which passes on texts. */
class Texts implements TextEventBus {
  readonly texts: string[] = [];

  publishJson(text: string): unknown {
    return void this.texts.push(text);
  }
}

/** A bus with `subscribe`, which numbers its frames. */
class AskedTexts extends Texts implements Required<TextEventBus> {
  subscribe(): EventFrame[] {
    return this.texts.map((text, index) => {
      const frame = JSON.parse(text) as EventFrame;
      frame.event.envelope.event_seq = index + 1;
      return frame;
    });
  }
}

const OF_TEXTS: EventBusContractOptions<Texts> = { ...IMPATIENT, frames: (eventBus) => eventBus.texts };

describe("the contract of a port is kept by", () => {
  it("a journal that takes text", async () => {
    expect(await violations(journalContract(() => new Lines(), OF_LINES))).toEqual([]);
  });

  it("a journal that takes text and answers later, whose records are looked at in one text", async () => {
    class File extends Lines {
      override async appendJson(line: string): Promise<string | undefined> {
        await Promise.resolve();
        return (await super.appendJson(line)) as string;
      }
      read(): string[] {
        const file = this.lines.map((line) => `${line}\n`).join("");
        return file.split("\n").slice(0, -1);
      }
    }
    const records = (journal: File): string[] => journal.read();
    const failNext = (journal: File): void => void (journal.isFull = true);
    expect(await violations(journalContract(() => new File(), { ...IMPATIENT, records, failNext }))).toEqual([]);
  });

  it("a bus that takes text", async () => {
    expect(await violations(eventBusContract(() => new Texts(), OF_TEXTS))).toEqual([]);
  });

  it("a bus that takes text and can be asked for its frames", async () => {
    expect(await violations(askedEventBusContract(async () => new AskedTexts(), OF_TEXTS))).toEqual([]);
  });
});

describe("of a port that takes text and breaks it, the broken promise is found:", () => {
  const broken = async (make: () => Lines): Promise<string[]> =>
    (await violations(journalContract(make, OF_LINES))).map((violation) => violation.clause);

  it("a journal that cuts texts off", async () => {
    class Cut extends Lines {
      override appendJson(line: string): ReturnType<TextJournal["appendJson"]> {
        return super.appendJson(line.slice(0, 1_000));
      }
    }
    expect(await broken(() => new Cut())).toContain("holds all records as they were given, in that order");
  });

  it("a journal that reads its lines with rounded numbers", async () => {
    class Rounding extends Lines {
      override appendJson(line: string): ReturnType<TextJournal["appendJson"]> {
        return super.appendJson(JSON.stringify(JSON.parse(line)));
      }
    }
    expect(await broken(() => new Rounding())).toEqual(["holds all records as they were given, in that order"]);
  });

  it("a journal that writes later", async () => {
    class Late extends Lines {
      override appendJson(line: string): ReturnType<TextJournal["appendJson"]> {
        if (this.isFull) return super.appendJson(line);
        void settle().then(() => super.appendJson(line));
        return undefined;
      }
    }
    expect(await broken(() => new Late())).toEqual(["holds a record as soon as it has answered"]);
  });

  it("a bus that passes on every other text", async () => {
    class Lossy extends Texts {
      #count = 0;
      override publishJson(text: string): unknown {
        this.#count += 1;
        return this.#count % 2 === 0 ? undefined : super.publishJson(text);
      }
    }
    const found = await violations(eventBusContract(() => new Lossy(), OF_TEXTS));
    expect(found.map((violation) => violation.clause)).toEqual([
      "passes on every frame once, as it was given and in that order",
    ]);
  });
});

describe("no promise is kept by a port that every pool refuses", () => {
  const answer = (): undefined => undefined;

  it.each<[string, unknown]>([
    ["both forms of append", { append: answer, appendJson: answer }],
    ["an append that is no function", { append: "journal" }],
    ["nothing", {}],
  ])("a journal with %s", async (_, journal) => {
    for (const { run } of journalContract(() => journal as TextJournal, IMPATIENT)) {
      await expect(run()).rejects.toMatchObject({ code: "invalid_input" });
    }
  });

  it.each<[string, unknown]>([
    ["both forms of publish", { publish: answer, publishJson: answer }],
    ["a subscribe that is no function", { publish: answer, subscribe: "frames" }],
    ["nothing", {}],
  ])("a bus with %s", async (_, eventBus) => {
    for (const { run } of eventBusContract(() => eventBus as TextEventBus, IMPATIENT)) {
      await expect(run()).rejects.toMatchObject({ code: "invalid_input" });
    }
  });
});

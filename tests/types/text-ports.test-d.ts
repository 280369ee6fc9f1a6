// Ports that take text, and journals that take several records at once.

import {
  AgentPool,
  type BatchCursors,
  type CompiledEventFilter,
  type EventBus,
  type EventBusPort,
  type EventFrame,
  type Journal,
  type JournalPort,
  type JournalRecord,
  type TextEventBus,
  type TextJournal,
} from "agent-pool";
import { batchJournalContract, journalContract, type BatchJournalPort } from "agent-pool/testing";
import { expectTypeOf, test } from "vitest";

const poolId = "pool.a";
const nothing = (): undefined => undefined;

test("callbacks know that they are given text", () => {
  void AgentPool.build({
    poolId,
    journal: {
      appendJson: (line) => void expectTypeOf(line).toBeString(),
      appendBatchJson: (lines) => void expectTypeOf(lines).toEqualTypeOf<string[]>(),
    },
    eventBus: {
      publishJson: (text) => expectTypeOf(text).toBeString(),
      subscribe: (filter, _cursor, options) => {
        expectTypeOf(filter).toEqualTypeOf<CompiledEventFilter>();
        expectTypeOf(options?.live).toEqualTypeOf<true | undefined>();
        return [];
      },
    },
  });
});

test("callbacks know that they are given several records", () => {
  void AgentPool.build({
    poolId,
    journal: {
      append: (record) => void expectTypeOf(record).toEqualTypeOf<JournalRecord>(),
      appendBatch: (records) => void expectTypeOf(records).toEqualTypeOf<JournalRecord[]>(),
    },
  });
});

test("a port takes objects or text, and one of them it takes", () => {
  expectTypeOf<Journal>().toExtend<JournalPort>();
  expectTypeOf<TextJournal>().toExtend<JournalPort>();
  expectTypeOf<EventBus>().toExtend<EventBusPort>();
  expectTypeOf<TextEventBus>().toExtend<EventBusPort>();
  expectTypeOf<Journal & TextJournal>().not.toExtend<JournalPort>();
  expectTypeOf<EventBus & TextEventBus>().not.toExtend<EventBusPort>();
  // @ts-expect-error: both forms.
  void AgentPool.build({ poolId, journal: { append: nothing, appendJson: nothing } });
  // @ts-expect-error: objects one by one, text in batches.
  void AgentPool.build({ poolId, journal: { append: nothing, appendBatchJson: nothing } });
  // @ts-expect-error: text one by one, objects in batches.
  void AgentPool.build({ poolId, journal: { appendJson: nothing, appendBatch: nothing } });
  // @ts-expect-error: batches alone.
  void AgentPool.build({ poolId, journal: { appendBatch: nothing } });
  // @ts-expect-error: both forms.
  void AgentPool.build({ poolId, eventBus: { publish: nothing, publishJson: nothing } });
  // @ts-expect-error: it has `subscribe`, but takes no frames.
  void AgentPool.build({ poolId, eventBus: { subscribe: () => [] } });
});

test("a journal that takes text answers as one that takes objects", () => {
  void AgentPool.build({ poolId, journal: { appendJson: () => {} } });
  void AgentPool.build({ poolId, journal: { appendJson: async () => "row.1" } });
  // @ts-expect-error: a number is no cursor.
  void AgentPool.build({ poolId, journal: { appendJson: () => 5 } });
});

test("a batch is answered with a cursor or nothing for each record, or with nothing for all", () => {
  const append = nothing;
  void AgentPool.build({ poolId, journal: { append, appendBatch: () => {} } });
  void AgentPool.build({ poolId, journal: { append, appendBatch: async () => {} } });
  void AgentPool.build({ poolId, journal: { append, appendBatch: () => ["row.1", undefined] as const } });
  void AgentPool.build({
    poolId,
    journal: { append, appendBatch: async (records) => records.map(({ record_id }) => record_id) },
  });
  void AgentPool.build({ poolId, journal: { appendJson: nothing, appendBatchJson: (lines) => lines.map(nothing) } });
  // @ts-expect-error: one cursor does not stand for all.
  void AgentPool.build({ poolId, journal: { append, appendBatch: () => "row.1" } });
  // @ts-expect-error: numbers are no cursors.
  void AgentPool.build({ poolId, journal: { append, appendBatch: (records) => records.map((_, row) => row) } });
  expectTypeOf<Awaited<ReturnType<Required<TextJournal>["appendBatchJson"]>>>().toEqualTypeOf<BatchCursors | void>();
});

test("a class may be such a port", () => {
  class Lines implements Required<TextJournal> {
    appendJson(_line: string): void {}
    appendBatchJson(_lines: string[]): void {}
  }
  class Texts implements TextEventBus {
    publishJson(_text: string): void {}
    subscribe(): EventFrame[] {
      return [];
    }
  }
  void AgentPool.build({ poolId, journal: new Lines(), eventBus: new Texts() });
  expectTypeOf<Lines>().toExtend<BatchJournalPort>();
  void journalContract(() => new Lines(), { records: () => ["{}"] });
  void batchJournalContract(() => new Lines(), { records: () => ["{}"] });
  // @ts-expect-error: it takes no batches.
  void batchJournalContract(() => ({ appendJson: nothing }));
});

// A tag narrows the type of the object that has it.

import type {
  AgentPoolStoreRecord,
  AgentPoolStoredMessage,
  AgentPoolStoredWake,
  EventFrame,
  EventStreamScope,
  JournalRecord,
  MessageStatus,
  RunAddressTarget,
} from "agent-pool";
import { expectTypeOf, test } from "vitest";

declare const journalRecord: JournalRecord;
declare const storeRecord: AgentPoolStoreRecord;
declare const frame: EventFrame;
declare const target: RunAddressTarget;
declare const scope: EventStreamScope;

test("the kind of a journal record tells its payload", () => {
  if (journalRecord.record_kind === "run_message") {
    expectTypeOf(journalRecord.payload.delivery_status).toEqualTypeOf<MessageStatus>();
    expectTypeOf(journalRecord.payload.type).toEqualTypeOf<"run_message">();
    // @ts-expect-error: a message has no members.
    journalRecord.payload.member_run_ids;
  } else if (journalRecord.record_kind === "wake") {
    expectTypeOf(journalRecord.payload.matched_event_id).toEqualTypeOf<string | undefined>();
  } else {
    expectTypeOf(journalRecord.record_kind).toEqualTypeOf<"agent_pool">();
    expectTypeOf(journalRecord.payload.lifecycle_status).toEqualTypeOf<"created" | "run_joined" | "run_left">();
  }
});

test("the type of a journal payload tells the rest of it", () => {
  const { payload } = journalRecord;
  if (payload.type === "wake") expectTypeOf(payload.condition_id).toBeString();
  // @ts-expect-error: it may be another payload.
  payload.condition_id;
});

test("a record has no other kinds", () => {
  // @ts-expect-error: the pool writes no such records.
  journalRecord.record_kind === "tool";
  const member = (record: JournalRecord): string => {
    switch (record.record_kind) {
      case "agent_pool":
        return record.payload.pool_id;
      case "run_message":
        return record.payload.source_run_id;
      case "wake":
        return record.payload.run_id;
    }
  };
  expectTypeOf(member).returns.toBeString();
});

test("the type of a store record's payload tells what changed", () => {
  const { payload } = storeRecord;
  switch (payload.type) {
    case "run_message":
      return expectTypeOf(payload.stored).toEqualTypeOf<AgentPoolStoredMessage>();
    case "wake":
      return expectTypeOf(payload.stored).toEqualTypeOf<AgentPoolStoredWake>();
    case "member_joined":
    case "member_left":
      return expectTypeOf(payload.member.run_id).toBeString();
    case "pool_opened":
      return expectTypeOf(payload.config.wake_policy.envelope_only).toBeBoolean();
    case "pool_created":
      return expectTypeOf<keyof typeof payload>().toEqualTypeOf<"type">();
    default:
      return expectTypeOf(payload).toBeNever();
  }
});

test("the mode of an event's payload tells what it says", () => {
  const { payload } = frame.event;
  // @ts-expect-error: it may be the envelope alone.
  payload.redacted_summary;
  if (payload.mode === "redacted_summary") expectTypeOf(payload.redacted_summary).toBeString();
  else expectTypeOf<keyof typeof payload>().toEqualTypeOf<"mode">();
});

test("the type of a target tells whose id it has", () => {
  if (target.type === "topic") expectTypeOf(target.topic_id).toBeString();
  // @ts-expect-error: a run has no agent id.
  if (target.type === "run") target.agent_id;
});

test("the scope of a stream is a word or names what it is of", () => {
  if (scope === "all") return;
  if ("filter" in scope) expectTypeOf(scope.filter.filter_fingerprint).toBeString();
  else if ("run" in scope) expectTypeOf(scope.run).toBeString();
  else expectTypeOf(scope).toEqualTypeOf<{ agent: string }>();
});

test("an overflow notice is only there after a gap", () => {
  // @ts-expect-error: most frames have none.
  frame.overflow.dropped_count;
  expectTypeOf(frame.overflow?.reason).exclude<undefined>().toBeString();
});

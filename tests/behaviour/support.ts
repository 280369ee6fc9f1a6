import {
  AgentPool,
  AgentPoolError,
  type AgentPoolOptions,
  type EventFrame,
  type EventFrameInput,
  type EventKind,
  type JournalRecord,
  type RunMessageInput,
} from "agent-pool";
import { expect } from "vitest";

/** A pool with two members: a planner's run, and a writer's run, which listens to drafts. */
export async function team<RunHandle = unknown>(
  options: Partial<AgentPoolOptions<RunHandle>> = {},
): Promise<AgentPool<RunHandle>> {
  const pool = await AgentPool.build({ poolId: "pool.team", ...options });
  await joinTeam(pool);
  return pool;
}

export async function joinTeam(pool: AgentPool<never> | AgentPool): Promise<void> {
  await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
  await pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer", topics: ["topic.drafts"] });
}

/** A message from the planner to the writer. */
export const OUTLINE = {
  message_id: "message.outline",
  from: "run.planner",
  to: { run: "run.writer" },
  content_ref: "content.outline",
} as const satisfies RunMessageInput;

/** The error with which an operation fails. Throws if the operation succeeds. */
export async function refusal(operation: Promise<unknown>): Promise<AgentPoolError> {
  const failed = await operation.then(
    (value) => Promise.reject(new Error(`expected a refusal, got ${String(value)}`)),
    (error: unknown) => error,
  );
  if (!(failed instanceof AgentPoolError)) throw failed;
  return failed;
}

/** Everything that shows whether something has happened to a pool. */
export async function traces(pool: AgentPool): Promise<unknown> {
  return [await pool.snapshot(), await pool.watchPool().drain(), await pool.subscribe().drain()];
}

/** Runs an operation that must fail without a trace in the pool. Returns its error. */
export async function refusalWithoutTrace(pool: AgentPool, operation: () => Promise<unknown>): Promise<AgentPoolError> {
  const before = await traces(pool);
  const error = await refusal(operation());
  expect(await traces(pool)).toEqual(before);
  return error;
}

/** Passes a value of any type, as a host without types may. */
export function anything(value: unknown): never {
  return value as never;
}

/** Runs an operation that must be refused because of its argument at a place, and must leave no trace. */
export async function expectRefused(pool: AgentPool, operation: () => Promise<unknown>, place: string): Promise<void> {
  const error = await refusalWithoutTrace(pool, operation);
  expect(error).toMatchObject({ code: "invalid_input", kind: "InvalidPackage", retry: "NotRetryable" });
  expect(error.message.slice(0, place.length + 2)).toBe(`${place}: `);
}

/** What happened according to the records, in short. */
export function told(records: readonly JournalRecord[]): string[] {
  return records.map((record) => {
    switch (record.record_kind) {
      case "agent_pool":
        return record.payload.lifecycle_status;
      case "run_message":
        return record.payload.delivery_status;
      case "wake":
        return record.payload.trigger_status;
    }
  });
}

export function kindOf(frame: EventFrame): EventKind {
  return frame.event.envelope.event_kind;
}

export function kinds(frames: readonly EventFrame[]): EventKind[] {
  return frames.map(kindOf);
}

/** The next `count` items of a stream. Throws if the stream ends before. */
export async function take<Item>(reading: AsyncIterator<Item, unknown>, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const result = await reading.next();
    if (result.done) throw new Error(`the stream ended after ${items.length} of ${count}`);
    items.push(result.value);
  }
  return items;
}

/** A promise that is settled from outside. */
export class Deferred<Value = void> {
  resolve!: (value: Value) => void;
  reject!: (reason: unknown) => void;
  readonly promise = new Promise<Value>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/**
 * Waits for a later turn of the event loop. Before that happens whatever was due at the call, by promises or by timers
 * without delay, and whatever follows from it by promises alone. What needs another turn after its own does not.
 */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** An event of the host's: a tool of the run came to its end. */
export function toolCompleted(run_id: string): EventFrameInput {
  return {
    cursor: { scope: "all", event_seq: 0, event_id: "event.tool" },
    event: {
      envelope: {
        schema_version: 1,
        event_id: "event.tool",
        event_seq: 0,
        event_family: "tool",
        event_kind: "tool_completed",
        payload_schema_version: 1,
        timestamp: "1970-01-01T00:00:00Z",
        recorded_at: "1970-01-01T00:00:00Z",
        run_id,
        agent_id: "agent.planner",
        trace_id: "trace.tool",
        span_id: "span.tool",
        subject_ref: { kind: "tool_call", id: "call.1", privacy: "content_refs_only" },
        source: { kind: "tool", id: "tool.search", trust: "host_provided", privacy: "content_refs_only" },
        delivery_semantics: "best_effort_live",
        privacy: "content_refs_only",
        content_capture: "off",
        redaction_policy_id: "redaction.host",
        runtime_package_fingerprint: "package.host",
      },
      payload: { mode: "redacted_summary", redacted_summary: "a search came to its end" },
    },
  };
}

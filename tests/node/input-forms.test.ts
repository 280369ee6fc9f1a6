// The input forms are declared as the core reads them: a field may be left out exactly if its declaration says so. The
// test leaves out each field of a complete value in turn to find out what the core requires. The compiler then compares
// that with the declaration.

import { AgentPool, AgentPoolError, type AgentPoolOptions, type EventFrame } from "agent-pool";
import { expect, it } from "vitest";

import { diagnose, PAGE } from "./compiler.js";

type Value = { readonly [field: string]: unknown };

interface Form {
  /** The declared type, as named by `import type * as declared`. */
  readonly type: string;
  /** A value that has all fields. */
  readonly whole: Value;
  /** Passes a value of this form to the package. */
  readonly give: (value: Value) => Promise<unknown>;
}

const entity = { kind: "run", id: "run.a", privacy: "internal", redacted_summary: "a run" };
const correlation = [{ key: "k", value: "v" }];
const source = { kind: "host", id: "h", trust: "trusted", privacy: "internal", correlation };
const destination = { kind: "agent", id: "a", privacy: "internal", retention: "durable" };
const message = {
  message_id: "message.a",
  from: "run.a",
  to: { run: "run.a" },
  content_ref: "content.a",
  correlation: { entries: correlation },
  reply_to: "message.b",
  response_contract: { expected_responses: 1, timeout_millis: 5 },
  expires_at_millis: 9_000_000_000_000,
  idempotency_key: "key.a",
  policy_refs: [],
};
const condition = {
  condition_id: "wake.a",
  run_id: "run.a",
  filter: {},
  timeout_millis: 5,
  resume_with: "none",
  idempotency_key: "key.a",
  policy_refs: ["policy.a"],
};
const queue = { capacity: 3, terminal_reserve: 1, overflow: "drop_progress" };

const frames: EventFrame[] = [];
await (await pool((frame) => void frames.push(frame))).flush();
const frame = frames[0]!;
const { event } = frame;
const archiveCursor = { archive_id: "archive.a", position: "1", event_id: "event.a", watermark: "2" };
const overflow = {
  policy: "drop_progress",
  dropped_count: 1,
  gap_start: frame.cursor,
  gap_end: frame.cursor,
  repair_from: "journal.1",
  terminal_preserved: true,
  reason: "subscriber_lagged",
};
const envelope = {
  ...event.envelope,
  ...{ turn_id: "t", attempt_id: "a", message_id: "m", context_item_id: "c", parent_event_id: "e" },
  caused_by: { event_id: "e", subject_ref: entity, reason: "r" },
  ...{ causal_refs: [], related_refs: [], tags: [], policy_refs: [] },
  destination,
  ...{ journal_cursor: "journal.1", state_before: "s", state_after: "s" },
};

/** A new pool with one member for every value, so that earlier values have no effect. */
async function pool(eventBus?: (frame: EventFrame) => void): Promise<AgentPool> {
  const pool = await AgentPool.build({ poolId: "pool.a", runLauncher: () => undefined, eventBus });
  await pool.joinRun({ run_id: "run.a", agent_id: "agent.a" });
  return pool;
}

// The values are made by leaving out fields, so TypeScript cannot know their types.
const given = <Input>(value: Value): Input => value as Input;
const send = async (value: Value) => (await pool()).send(given(value));
const observe = async (value: Value) => (await pool()).observe(given(value));
const scope = async (value: Value) => (await pool()).scopeFilter(given(value));
const build = (option: string) => (value: Value) =>
  AgentPool.build(given<AgentPoolOptions>({ poolId: "pool.b", [option]: value }));
const observeEnvelope = (envelope: Value) => observe({ ...frame, event: { ...event, envelope } });

const FORMS: readonly Form[] = [
  {
    type: "declared.AgentPoolMemberInput",
    whole: { run_id: "run.b", agent_id: "agent.b", policy_refs: ["p"], topics: ["t"] },
    give: async (value) => (await pool()).joinRun(given(value)),
  },
  { type: "declared.RunMessageInput", whole: message, give: send },
  {
    type: "declared.MessageResponseContractInput",
    whole: message.response_contract,
    give: (value) => send({ ...message, response_contract: value }),
  },
  {
    type: "declared.EventCorrelationInput",
    whole: message.correlation,
    give: (value) => send({ ...message, correlation: value }),
  },
  {
    type: "declared.Given<declared.DestinationRef>",
    whole: { ...destination, correlation: [], redacted_summary: "s" },
    give: (value) => send({ ...message, to: { run: "run.a", destination_ref: value } }),
  },
  {
    type: "declared.Given<declared.EntityRef>",
    whole: { ...entity, source },
    give: (value) => send({ ...message, to: { run: "run.a", related_refs: [value] } }),
  },
  {
    type: "declared.Given<declared.SourceRef>",
    whole: { ...source, redacted_summary: "s" },
    give: (value) => send({ ...message, to: { run: "run.a", related_refs: [{ ...entity, source: value }] } }),
  },
  {
    type: "Exclude<declared.PolicyRefInput, string>",
    whole: { kind: "host", id: "p", version: "1" },
    give: (value) => send({ ...message, policy_refs: [value] }),
  },
  {
    type: "declared.WakeConditionInput",
    whole: condition,
    give: async (value) => (await pool()).suspendUntil("run.a", given(value)),
  },
  {
    // `criteria` is declared so that a compiled filter is refused; no filter has it.
    type: 'Omit<declared.EventFilterInput, "criteria">',
    whole: {
      run_ids: "any",
      agent_ids: ["agent.a"],
      turn_ids: { include: ["turn.a"] },
      families: ["run"],
      kinds: ["run_started"],
      source_kinds: ["host"],
      destination_kinds: ["agent"],
      subject_kinds: ["run"],
      related_entity_kinds: ["run"],
      correlation_keys: ["k"],
      tags: ["t"],
      privacy_classes: ["public"],
      delivery_semantics: ["journal_backed"],
      terminal_only: true,
      payload_access: "payload_refs",
      queue,
    },
    give: scope,
  },
  { type: "declared.SubscriberQueueConfigInput", whole: queue, give: (value) => scope({ queue: value }) },
  {
    type: "declared.AgentPoolMessagePolicyInput",
    whole: { required_policy_refs: ["p"], include_sender_in_pool_broadcast: true },
    give: build("messagePolicy"),
  },
  { type: "declared.AgentPoolWakePolicyInput", whole: { envelope_only: false }, give: build("wakePolicy") },
  {
    type: "declared.AgentPoolStoreCursorInput",
    whole: { sequence: 1 },
    give: async (value) => (await pool()).watchPool(given(value)).drain(),
  },
  {
    type: "declared.EventCursor",
    whole: { scope: "all", event_seq: 0, event_id: "event.a", journal_cursor: "journal.1" },
    give: (value) => observe({ ...frame, cursor: value }),
  },
  {
    type: "declared.RunRequest",
    whole: { run_id: "run.b", agent_id: "agent.b", input: [] },
    give: async (value) => (await pool()).startRun(given(value)),
  },
  {
    type: "declared.EventFrameInput",
    whole: { ...frame, archive_cursor: archiveCursor, overflow },
    give: observe,
  },
  {
    type: "declared.Given<declared.ArchiveCursor>",
    whole: archiveCursor,
    give: (value) => observe({ ...frame, archive_cursor: value }),
  },
  {
    type: "declared.Given<declared.EventOverflowNotice>",
    whole: overflow,
    give: (value) => observe({ ...frame, overflow: value }),
  },
  { type: "declared.AgentEventInput", whole: { ...event }, give: (value) => observe({ ...frame, event: value }) },
  { type: "declared.EventEnvelopeInput", whole: envelope, give: observeEnvelope },
  {
    type: "declared.Given<declared.CausalRef>",
    whole: envelope.caused_by,
    give: (value) => observeEnvelope({ ...envelope, caused_by: value }),
  },
];

const isRefused = async ({ give }: Form, value: Value): Promise<boolean> => {
  try {
    await give(value);
    return false;
  } catch (error) {
    return error instanceof AgentPoolError && error.code === "invalid_input";
  }
};

/** The fields of a form for which a condition holds. */
async function fieldsOf(form: Form, holds: (field: string) => Promise<boolean>): Promise<string[]> {
  const fields = Object.keys(form.whole);
  const verdicts = await Promise.all(fields.map(holds));
  return fields.filter((_, index) => verdicts[index]);
}

/** How the package reads the form. */
async function read(form: Form) {
  const { whole } = form;
  return {
    isRead: !(await isRefused(form, whole)),
    required: await fieldsOf(form, async (field) => {
      const { [field]: _, ...rest } = whole;
      return isRefused(form, rest);
    }),
    anything: await fieldsOf(form, async (field) => {
      const wrong = typeof whole[field] === "boolean" ? 5 : false;
      return !(await isRefused(form, { ...whole, [field]: wrong }));
    }),
  };
}

const found = await Promise.all(FORMS.map(read));
const PREAMBLE = `
  import type * as declared from "agent-pool";
  type Optional<T> = { [Field in keyof T]-?: Partial<Pick<T, Field>> extends Pick<T, Field> ? Field : never }[keyof T];
  type Fields<T> = { optional: Optional<T>; required: Exclude<keyof T, Optional<T>> };
  type Read<Name, Optional, Required> = [Fields<Name>, { optional: Optional; required: Required }] extends [
    { optional: Optional; required: Required }, Fields<Name>
  ] ? true : { declared: Fields<Name>; read: { optional: Optional; required: Required } };
`;
const diagnostics = diagnose(
  PREAMBLE +
    FORMS.map(({ type, whole }, index) => {
      const { required = [] } = found[index] ?? {};
      const optional = Object.keys(whole).filter((field) => !required.includes(field));
      return `export const of${index}: Read<${type}, ${union(optional)}, ${union(required)}> = true;`;
    }).join("\n"),
  PAGE,
);

it.each(FORMS.map(({ type }, index) => [type, index] as const))(
  "the fields of %s that may be left out are the optional ones, and it has no others",
  (type, index) => {
    expect(found[index]?.isRead).toBe(true);
    // The input of a run may be anything: it is the host's own.
    expect(found[index]?.anything).toEqual(type === "declared.RunRequest" ? ["input"] : []);
    expect(diagnostics.get(PREAMBLE.split("\n").length + index)).toBeUndefined();
  },
);

it("nothing else is wrong with the comparison", () => {
  const lines = FORMS.map((_, index) => PREAMBLE.split("\n").length + index);
  expect([...diagnostics].filter(([line]) => !lines.includes(line))).toEqual([]);
});

function union(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(" | ") || "never";
}

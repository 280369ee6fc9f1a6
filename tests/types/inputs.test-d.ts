// What may be given: short and full forms, and nothing that the package would refuse or ignore.

import type {
  AgentPool,
  AgentPoolMember,
  AgentPoolMemberInput,
  AgentPoolStoreCursor,
  AgentPoolStoreCursorInput,
  CompiledEventFilter,
  EventFilter,
  EventFilterInput,
  EventFilterSet,
  EventFilterSetInput,
  EventFrame,
  EventFrameInput,
  Given,
  PolicyRef,
  PolicyRefInput,
  RunAddress,
  RunAddressInput,
  RunAddressTarget,
  RunMessage,
  RunMessageInput,
  SubscriberQueueConfig,
  SubscriberQueueConfigInput,
  WakeCondition,
  WakeConditionInput,
} from "agent-pool";
import { expectTypeOf, test } from "vitest";

declare const pool: AgentPool;
const outline = { from: "run.a", content_ref: "content.outline" };

test("what comes out may be given back", () => {
  expectTypeOf<AgentPoolMember>().toExtend<AgentPoolMemberInput>();
  expectTypeOf<AgentPoolStoreCursor>().toExtend<AgentPoolStoreCursorInput>();
  expectTypeOf<EventFilter>().toExtend<EventFilterInput>();
  expectTypeOf<EventFrame>().toExtend<EventFrameInput>();
  expectTypeOf<PolicyRef>().toExtend<PolicyRefInput>();
  expectTypeOf<RunAddress>().toExtend<RunAddressInput>();
  expectTypeOf<RunMessage>().toExtend<RunMessageInput>();
  expectTypeOf<WakeCondition>().toExtend<WakeConditionInput>();
});

test("what may be given in short does not come out so", () => {
  expectTypeOf<RunAddressInput>().not.toExtend<RunAddress>();
  expectTypeOf<EventFilterInput>().not.toExtend<EventFilter>();
  expectTypeOf<RunMessageInput>().not.toExtend<RunMessage>();
});

test("an address names exactly one target", () => {
  void pool.send({ ...outline, to: { run: "run.b" } });
  void pool.send({ ...outline, to: { target: { type: "topic", topic_id: "topic.a" } } });
  const related = [{ kind: "content", id: "content.x", privacy: "public" }] as const;
  void pool.send({ ...outline, to: { agent: "agent.b", related_refs: related } });
  // @ts-expect-error: two targets.
  void pool.send({ ...outline, to: { run: "run.b", topic: "topic.a" } });
  // @ts-expect-error: no target.
  void pool.send({ ...outline, to: {} });
  // @ts-expect-error: a target has the id of its type.
  void pool.send({ ...outline, to: { target: { type: "topic", run_id: "run.b" } } });
  // @ts-expect-error: an id alone does not say what it identifies.
  void pool.send({ ...outline, to: "run.b" });
});

test("an address that is given has every field of an address, and each kind of target under a name of its own", () => {
  expectTypeOf<keyof RunAddressInput>().toEqualTypeOf<keyof RunAddress | RunAddressTarget["type"]>();
  type Targets = Record<RunAddressTarget["type"], string> & Pick<RunAddress, "target">;
  type Taken<Names extends keyof Targets> = Pick<Targets, Names> extends RunAddressInput ? Names : never;
  expectTypeOf<{ [Name in keyof Targets]: Taken<Name> }[keyof Targets]>().toEqualTypeOf<keyof Targets>();
  type TakenWithAnother<Name extends keyof Targets> = {
    [Other in Exclude<keyof Targets, Name>]: Taken<Name | Other>;
  }[Exclude<keyof Targets, Name>];
  expectTypeOf<{ [Name in keyof Targets]: TakenWithAnother<Name> }[keyof Targets]>().toBeNever();
});

test("a message says from whom, to whom, and where its content is", () => {
  // @ts-expect-error: without a sender.
  void pool.send({ to: { run: "run.b" }, content_ref: "content.a" });
  // @ts-expect-error: without content.
  void pool.send({ from: "run.a", to: { run: "run.b" } });
  // @ts-expect-error: a message carries no content itself.
  void pool.send({ ...outline, to: { run: "run.b" }, content: "text" });
  // @ts-expect-error: a date is not a number of milliseconds.
  void pool.send({ ...outline, to: { run: "run.b" }, expires_at_millis: new Date() });
  void pool.send({ ...outline, to: { run: "run.b" }, expires_at_millis: 2n ** 60n, reply_to: undefined });
});

test("a status is one of the known ones", () => {
  void pool.recordMessageStatus({ ...outline, to: { run: "run.b" } }, "responded", ["run.b"] as const);
  // @ts-expect-error: no such status.
  void pool.recordMessageStatus({ ...outline, to: { run: "run.b" } }, "answered");
});

test("a filter has lists or `any`, of known fields and words", () => {
  pool.subscribe({ kinds: ["run_message_delivered"], run_ids: { include: ["run.a"] }, agent_ids: "any" });
  pool.subscribe({ queue: { capacity: 1, overflow: "fail_subscriber" } } as const);
  // @ts-expect-error: misspelt, and so it would match everything.
  pool.subscribe({ kind: ["run_message_delivered"] });
  // @ts-expect-error: no such kind.
  pool.subscribe({ kinds: ["run_message_deliverd"] });
  // @ts-expect-error: not a list.
  pool.subscribe({ kinds: "run_message_delivered" });
  // @ts-expect-error: no such policy.
  pool.subscribe({ queue: { overflow: "block" } });
});

test("a filter that is given has every field of a filter, in short or in full, and may lack any", () => {
  expectTypeOf<Omit<EventFilterInput, "criteria">>().toEqualTypeOf<{
    readonly [Field in keyof EventFilter]?:
      | (EventFilter[Field] extends EventFilterSet<infer Entry>
          ? EventFilterSetInput<Entry>
          : EventFilter[Field] extends SubscriberQueueConfig
            ? SubscriberQueueConfigInput
            : EventFilter[Field])
      | undefined;
  }>();
});

test("a compiled filter is given as its criteria", () => {
  expectTypeOf<CompiledEventFilter>().not.toExtend<EventFilterInput>();
  expectTypeOf<CompiledEventFilter["criteria"]>().toExtend<EventFilterInput>();
});

test("a policy is its id or a reference", () => {
  void pool.joinRun({ run_id: "run.a", agent_id: "agent.a", policy_refs: ["p", { kind: "host", id: "q" }] });
  // @ts-expect-error: no such kind of policy.
  void pool.joinRun({ run_id: "run.a", agent_id: "agent.a", policy_refs: [{ kind: "hosts", id: "q" }] });
});

test("a frame of the host's may leave out what has a default, and hold read-only lists", () => {
  expectTypeOf<Given<{ list: string[]; maybe?: { inner: number[] } }>>().toEqualTypeOf<{
    readonly list: readonly string[];
    readonly maybe?: { readonly inner: readonly number[] } | undefined;
  }>();
  const observe = (frame: EventFrame) => {
    const { correlation: _, ...envelope } = frame.event.envelope;
    const tags = ["host"] as const;
    return pool.observe({ ...frame, event: { ...frame.event, envelope: { ...envelope, tags, policy_refs: ["p"] } } });
  };
  expectTypeOf(observe).returns.toEqualTypeOf<Promise<void>>();
});

// The core describes changes of members and wakes to a host's ports in a short form, and the records and events are
// made in JavaScript. Ports in memory keep what the core itself makes of the same calls; the two are compared exactly.

import {
  AgentPool,
  MemoryEventBus,
  MemoryJournal,
  logicalClock,
  type AgentPoolOptions,
  type Clock,
  type EventFrame,
  type JournalRecord,
  type WakeConditionInput,
} from "agent-pool";
import { describe, expect, it } from "vitest";

/** Texts with everything that needs escaping, including the marks of templates. */
const ODD = `run.'"\\/\u00e9\u65e5\u{1f4d3}\u2028\u2029\ufeff\ue000\ue105</script>{}[],:1234567890123456`;
const POLICY = { kind: "privacy", id: "policy.team", version: "1" } as const;

const CONDITIONS: readonly WakeConditionInput[] = [
  { condition_id: "wake.met" },
  { condition_id: ODD, idempotency_key: `key.${ODD}` },
  { condition_id: "wake.policy", policy_refs: [POLICY] },
  { condition_id: "wake.redacted", resume_with: "redacted_summary", timeout_millis: 1_000 },
  { condition_id: "wake.safe", timeout_millis: Number.MAX_SAFE_INTEGER },
  { condition_id: "wake.wide", timeout_millis: 2n ** 53n },
  { condition_id: "wake.widest", timeout_millis: 2n ** 64n - 1n },
  { condition_id: "wake.over", timeout_millis: 0 },
];

interface Story {
  readonly poolId: string;
  readonly clock?: Clock;
  readonly runId: string;
  readonly policyRefs?: readonly (typeof POLICY)[];
}

/**
 * Members that join, change and leave, and wakes that take on every status, one of them while other records are made
 * too.
 */
async function play(
  { poolId, clock = logicalClock(), runId, policyRefs = [] }: Story,
  ports: Partial<AgentPoolOptions>,
): Promise<void> {
  const pool = await AgentPool.build({ poolId, clock, policyRefs, ...ports });
  await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner", topics: ["t", ODD], policy_refs: [POLICY] });
  await pool.joinRun({ run_id: "run.guest", agent_id: ODD, topics: [ODD] });
  await pool.joinRun({ run_id: runId, agent_id: runId });
  await pool.joinRun({ run_id: "run.guest", agent_id: "agent.guest", policy_refs: [POLICY] });
  await pool.leaveRun("run.guest");
  for (const condition of CONDITIONS) {
    const off = `off.${condition.condition_id}`;
    await pool.suspendUntil(runId, { filter: { kinds: ["run_message_delivered"] }, ...condition });
    await pool.suspendUntil(runId, { ...condition, condition_id: off, idempotency_key: off, filter: { tags: ["t"] } });
  }
  for (const { condition_id } of CONDITIONS) await pool.cancelWake(`off.${condition_id}`);
  await pool.suspendUntil(runId, { condition_id: "wake.next", filter: { kinds: ["wake_condition_triggered"] } });
  const message = { from: "run.planner", to: { run: runId } } as const;
  await Promise.all(["a", "b"].map((name) => pool.send({ ...message, message_id: name, content_ref: name })));
  await pool.flush();
  await pool.close();
}

interface Seen {
  readonly records: string[];
  readonly frames: string[];
}

/** JSON text in which wide integers are digits, as in the text that the core writes. */
function written(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? `\0${member}` : member));
  return text.replaceAll(/"\\u0000(\d+)"/g, "$1");
}

async function inMemory(story: Story): Promise<Seen> {
  const [journal, eventBus] = [new MemoryJournal(), new MemoryEventBus()];
  await play(story, { journal, eventBus });
  return { records: (await journal.records()).map(written), frames: (await eventBus.frames()).map(written) };
}

type Append = (text: string) => string;
type Publish = (text: string) => void;

const PORTS: Record<string, (append: Append, publish: Publish) => Partial<AgentPoolOptions>> = {
  "objects, answering at once": (append, publish) => ({
    journal: (record: JournalRecord) => append(written(record)),
    eventBus: (frame: EventFrame) => publish(written(frame)),
  }),
  "objects, answering later": (append, publish) => ({
    journal: async (record: JournalRecord) => append(written(record)),
    eventBus: async (frame: EventFrame) => publish(written(frame)),
  }),
  "objects in batches": (append, publish) => ({
    journal: {
      append: (record) => append(written(record)),
      appendBatch: (records) => records.map((record) => append(written(record))),
    },
    eventBus: (frame: EventFrame) => publish(written(frame)),
  }),
  "text": (append, publish) => ({
    journal: { appendJson: append },
    eventBus: { publishJson: publish },
  }),
  "text in batches": (append, publish) => ({
    journal: { appendJson: append, appendBatchJson: (lines) => lines.map(append) },
    eventBus: { publishJson: publish },
  }),
};

const STORIES: Record<string, Story> = {
  "as it is": { poolId: "pool.a", runId: "run.writer" },
  "of odd names": { poolId: ODD, runId: ODD },
  "in a pool of the longest id that is part of others": { poolId: "p".repeat(450), runId: "run.writer" },
  "in a pool of a longer id": { poolId: "p".repeat(451), runId: "run.writer" },
  "in a pool of the longest id": { poolId: "p".repeat(512), runId: "run.writer" },
  "in our time": { poolId: "pool.a", runId: "run.writer", clock: { now: () => 1_790_000_000_123 } },
  "in a pool of policies": { poolId: "pool.a", runId: "run.writer", policyRefs: [POLICY] },
  "at a time that is no number of JavaScript's": { poolId: "pool.a", runId: "run.writer", clock: { now: () => 2 ** 60 } },
};

describe.each(Object.entries(PORTS))("a port that takes %s gets what the core makes of members and wakes", (_, portsOf) => {
  it.each(Object.entries(STORIES))("%s", async (_, story) => {
    const [records, frames]: [string[], string[]] = [[], []];
    const append = (text: string): string => `journal.${records.push(text)}`;
    const publish = (text: string): void => void frames.push(text);
    await play(story, portsOf(append, publish));
    const expected = await inMemory(story);
    expect(records).toEqual(expected.records);
    expect(frames).toEqual(expected.frames);
    const statuses = new Set(expected.records.flatMap((text) => /"trigger_status":"(\w+)"/.exec(text)?.[1] ?? []));
    expect([...statuses].sort()).toEqual(["cancelled", "registered", "timed_out", "triggered"]);
    const changes = expected.records.flatMap((text) => /"lifecycle_status":"(\w+)"/.exec(text)?.[1] ?? []);
    expect(changes).toEqual(["created", "run_joined", "run_joined", "run_joined", "run_joined", "run_left"]);
  });
});

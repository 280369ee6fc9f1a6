import type { AgentPoolOptions } from "../options.js";
import { AgentPool, logicalClock, seededIds } from "../index.js";
import { inTime } from "./data.js";

type Step = (pool: AgentPool) => Promise<unknown>;

/** Operations to be called one after the other. None of them fails on a pool whose ports keep their promises. */
export type Script = readonly Step[];

const PLANNER = "run.planner";
const WRITER = "run.writer";
const REVIEWER = "run.reviewer";

function send(name: string, to: { run: string } | { topic: string } | { pool: true }, more: object = {}): Step {
  const target = "pool" in to ? { pool: "pool.contract" } : to;
  return (pool) =>
    pool.send({ message_id: `message.${name}`, from: PLANNER, to: target, content_ref: `content.${name}`, ...more });
}

function join(run_id: string, topics: readonly string[] = []): Step {
  return (pool) => pool.joinRun({ run_id, agent_id: run_id.replace("run", "agent"), topics });
}

function status(name: string, to: { run: string }, became: "responded" | "timed_out" | "cancelled"): Step {
  const message = { message_id: `message.${name}`, from: PLANNER, to, content_ref: `content.${name}` };
  return (pool) => pool.recordMessageStatus(message, became);
}

/** Leads to every kind of record and event that a pool makes. */
export const EVERY_KIND: Script = [
  join(PLANNER),
  join(WRITER, ["topic.drafts", "topic.news"]),
  join(REVIEWER, ["topic.drafts"]),
  (pool) => pool.suspendUntil(WRITER, { condition_id: "wake.met", filter: { kinds: ["run_message_delivered"] } }),
  (pool) =>
    pool.suspendUntil(REVIEWER, { condition_id: "wake.over", filter: { kinds: ["run_failed"] }, timeout_millis: 0 }),
  (pool) => pool.suspendUntil(REVIEWER, { condition_id: "wake.off", filter: { kinds: ["run_failed"] } }),
  (pool) => pool.cancelWake("wake.off"),
  send("outline", { run: WRITER }),
  send("drafts", { topic: "topic.drafts" }),
  send("news", { pool: true }, { correlation: { entries: [{ key: "correlation.contract", value: "news" }] } }),
  send("second", { run: WRITER }),
  send("third", { run: REVIEWER }),
  send("nobody", { run: "run.nobody" }),
  send("over", { run: WRITER }, { expires_at_millis: 0 }),
  status("outline", { run: WRITER }, "responded"),
  status("second", { run: WRITER }, "timed_out"),
  status("third", { run: REVIEWER }, "cancelled"),
  (pool) => pool.leaveRun(REVIEWER),
  (pool) => pool.flush(),
];

/** Leads to records with integers that only a `bigint` can hold. */
export const WIDE_INTEGERS: Script = [
  join(PLANNER),
  (pool) =>
    pool.suspendUntil(PLANNER, {
      condition_id: "wake.wide",
      timeout_millis: 2n ** 60n + 1n,
      filter: { kinds: ["run_failed"] },
    }),
  (pool) => pool.flush(),
];

const LONG = `run.${"x".repeat(508)}`;
const FOREIGN = `run.${"\u{1f4d3}é日".repeat(40)}`;
const QUOTED = `run.'"\\\`$%_;--</script>`;

const flush: Step = (pool) => pool.flush();

/** Leads to records with texts of every length and script. */
export const ODD_TEXTS: Script = [
  ...[LONG, FOREIGN, QUOTED].flatMap((run_id): Step[] => [
    (pool) => pool.joinRun({ run_id, agent_id: run_id }),
    (pool) => pool.send({ message_id: run_id, from: run_id, to: { run: run_id }, content_ref: run_id }),
  ]),
  flush,
];

/** Leads to a few events. */
export const SHORT: Script = [...EVERY_KIND.slice(0, 3), flush];

/** Leads to some hundreds of events. Only a few of them wait to be published at any time. */
export const MANY: Script = [
  join(PLANNER),
  join(WRITER),
  ...Array.from({ length: 150 }, (_, place): Step[] => [
    send(`many.${place}`, { run: WRITER }),
    ...(place % 10 === 9 ? [flush] : []),
  ]).flat(),
];

/** A run that has left joins again. */
export const REVIEWER_AGAIN: Script = [join(REVIEWER, ["topic.drafts"])];

/** The outcome of a script. */
export interface Played {
  /** What the operations failed with, in their order. */
  readonly failures: readonly unknown[];
  /** Whether an operation was not answered in time, which ended the script. */
  readonly isStuck: boolean;
}

/** Ports to play a script with. Those left out are in memory. */
export type Ports = Pick<Partial<AgentPoolOptions>, "poolId" | "journal" | "eventBus" | "runLauncher">;

/** Opens a pool that makes the same records for the same script, whatever its journal and bus. */
export function openPool(ports: Ports): Promise<AgentPool> {
  return AgentPool.build({ poolId: "pool.contract", clock: logicalClock(), ids: seededIds(1), ...ports });
}

/** Plays a script on an open pool. Each step may take `patienceMillis`. */
export async function playOn(pool: AgentPool, script: Script, patienceMillis: number): Promise<Played> {
  const failures: unknown[] = [];
  for (const step of script) {
    const outcome = await inTime(patienceMillis, () => step(pool));
    if (outcome.state === "late") return { failures, isStuck: true };
    if (outcome.state === "broken") failures.push(outcome.cause);
  }
  return { failures, isStuck: false };
}

/** Plays a script on a pool of its own. */
export async function play(ports: Ports, script: Script, patienceMillis: number): Promise<Played> {
  const pool = await openPool(ports);
  try {
    return await playOn(pool, script, patienceMillis);
  } finally {
    await end(pool);
  }
}

/** Closes a pool at once, whatever is not finished. What its ports do then is not the pool's fault. */
export function end(pool: AgentPool): Promise<void> {
  return pool.close({ timeoutMillis: 0 }).catch(() => undefined);
}

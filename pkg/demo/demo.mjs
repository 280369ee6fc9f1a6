// A planner, two writers and a reviewer work on a report. What they say to each other goes through the pool; the
// journal is a file and the event bus a callback, both the host's own. Agents read their mail from the pool's history.
// The event bus is for observers, such as the account of what happened that is printed here.
//
// The program checks itself: it exits with 1 if what happened is not what it says.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";
import { AgentPool, AgentPoolError } from "agent-pool";
import { Account } from "./account.mjs";
import { check } from "./checks.mjs";
import { callbackBus, fileJournal } from "./ports.mjs";

/** @import { AgentPoolStoreCursor, MessageReceipt, RunMessage, RunMessageInput } from "agent-pool" */

const POOL = "pool.report";
const PLANNER = "run.planner";
const WRITERS = ["run.writer-1", "run.writer-2"];
const REVIEWER = "run.reviewer";
const CLEARED = ["policy.confidential"];
const MEMBERS = [
  { run_id: PLANNER, agent_id: "agent.planner", policy_refs: CLEARED },
  { run_id: "run.writer-1", agent_id: "agent.writer", policy_refs: CLEARED },
  { run_id: "run.writer-2", agent_id: "agent.writer" },
  { run_id: REVIEWER, agent_id: "agent.reviewer", policy_refs: CLEARED, topics: ["topic.drafts"] },
];

const repository = fileURLToPath(new URL("../../", import.meta.url));
const journalPath = join(repository, "target/demo/journal.jsonl");

const journal = await fileJournal(journalPath, ({ event_index, content_refs }) =>
  event_index.event_kind === "run_message_delivered" && content_refs?.includes("content.review") === true);
const bus = callbackBus();
const account = new Account(POOL, journal.records, MEMBERS);
// One faulty observer must not stop the pool, nor keep the others from hearing.
bus.listen(() => {
  throw new Error("a faulty observer");
});
bus.listen((frame) => account.hear(frame));
const pool = await AgentPool.build({ poolId: POOL, journal, eventBus: bus });

/**
 * The messages that a run has received after a cursor, and those that it will receive, each with its own cursor. (The
 * manual's recipe, pkg/README.md.)
 *
 * @param {string} runId
 * @param {AgentPoolStoreCursor | undefined} cursor
 * @param {AbortSignal} signal
 */
async function* mail(runId, cursor, signal) {
  for await (const record of pool.watchPool(cursor, { signal })) {
    if (record.payload.type !== "run_message") continue;
    const { message, receipt } = record.payload.stored;
    const isReceived = receipt.status === "delivered" && receipt.delivered_to?.includes(runId);
    if (isReceived) yield { message, cursor: record.cursor };
  }
}

const workIsOver = new AbortController();
/** @type {Map<string, string[]>} */
const inboxes = new Map(MEMBERS.map(({ run_id }) => [run_id, []]));

/**
 * An agent: deals with the messages to its run one after the other and waits for the next, until the work is over.
 *
 * @param {string} run
 * @param {(message: RunMessage) => Promise<void>} deal
 */
async function agent(run, deal) {
  // From the beginning. To go on where it stopped, an agent would give the cursor of the last message it dealt with.
  for await (const { message } of mail(run, undefined, workIsOver.signal)) {
    inboxes.get(run)?.push(message.message_id);
    await deal(message);
  }
}

/**
 * Sends a message. Sends it once more, under the same id, if the error says that this can help.
 *
 * @param {RunMessageInput} message
 * @returns {Promise<MessageReceipt>}
 */
async function send(message) {
  try {
    return await pool.send(message);
  } catch (error) {
    if (!(error instanceof AgentPoolError) || error.retry !== "Retryable") throw error;
    account.line(message.from, "journal", message.content_ref, `${error.code}: ${error.cause}; tries again`);
    return pool.send({ ...message, message_id: error.ids.message_id });
  }
}

/**
 * Begins a part of the account, once the bus has told all of the part before.
 *
 * @param {string} title
 */
async function part(title) {
  await pool.flush();
  account.heading(title);
}

await part("Runs join");
for (const member of MEMBERS) await pool.joinRun(member);

const agents = WRITERS.map((from, index) =>
  agent(from, async ({ content_ref }) => {
    if (content_ref === "content.outline") {
      await send({ from, to: { topic: "topic.drafts" }, content_ref: `content.draft-${index + 1}` });
    } else if (content_ref === "content.figures") {
      await send({ from, to: { run: PLANNER }, content_ref: "content.thanks" });
    }
  }));
let drafts = 0;
agents.push(agent(REVIEWER, async ({ content_ref }) => {
  if (content_ref.startsWith("content.draft-")) {
    drafts += 1;
    if (drafts === WRITERS.length) await send({ from: REVIEWER, to: { run: PLANNER }, content_ref: "content.review" });
  } else if (content_ref === "content.figures") {
    await send({ from: REVIEWER, to: { run: PLANNER }, content_ref: "content.thanks" });
  }
}));

await part("The planner waits for a review, and sets the others to work");
await pool.suspendUntil(PLANNER, {
  condition_id: "wake.review",
  filter: { run_ids: [REVIEWER], kinds: ["run_message_delivered"] },
});
const kickOff = { message_id: "message.kick-off", from: PLANNER, to: { pool: POOL }, content_ref: "content.kick-off" };
const started = await send(kickOff);
const outlined = await send({ from: PLANNER, to: { agent: "agent.writer" }, content_ref: "content.outline" });
// The planner does nothing until its wake has ended.
for await (const _ of pool.subscribe({ run_ids: [PLANNER], kinds: ["wake_condition_triggered"] })) break;
const woken = await pool.pollWake("wake.review");

await part("A retry is recognised");
const [recordsBefore, eventsBefore] = [journal.records.size, bus.frames.length];
const again = await send(kickOff);
await pool.flush();
const [newRecords, newEvents] = [journal.records.size - recordsBefore, bus.frames.length - eventsBefore];
const outcome = `the receipt of before; ${newRecords} new records, ${newEvents} new events`;
account.line(POOL, PLANNER, kickOff.content_ref, outcome);

await part("A policy keeps a member out");
const confidential = await send({
  from: PLANNER, to: { pool: POOL }, content_ref: "content.figures", policy_refs: CLEARED,
});
// The planner reads its mail: first the review, which has waited for it. Once everyone who has got the figures has
// thanked for them, everything has been read.
let thanks = 0;
agents.push(agent(PLANNER, async ({ content_ref }) => {
  if (content_ref === "content.thanks") thanks += 1;
  if (thanks === confidential.delivered_to?.length) workIsOver.abort();
}));
await Promise.all(agents);
await pool.close();

account.heading("Checks");
const lines = (await readFile(journalPath, "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
const records = [...journal.records.values()];
const messages = records.flatMap(({ payload }) => (payload.type === "run_message" ? [payload] : []));
const reviews = messages.filter(({ content_ref }) => content_ref === "content.review");
const wakes = records.flatMap(({ payload }) => (payload.type === "wake" ? [payload] : []));
check({
  "the broadcast reached everyone but its sender": () => assert.deepEqual(started.delivered_to, [REVIEWER, ...WRITERS]),
  "the agent address reached both of its runs": () => assert.deepEqual(outlined.delivered_to, WRITERS),
  "both drafts reached the topic": () => assert.equal(drafts, 2),
  "the review was accepted once and delivered once, though the journal failed in between": () =>
    assert.deepEqual(reviews.map(({ delivery_status }) => delivery_status), ["accepted", "delivered"]),
  "the planner slept until the review was delivered": () => {
    const [, delivered] = bus.frames.filter(({ event }) => event.envelope.message_id === reviews[0]?.message_id);
    assert.equal(woken.status, "triggered");
    assert.equal(wakes.at(-1)?.matched_event_id, delivered?.event.envelope.event_id);
  },
  "the retry answered the first receipt and recorded nothing": () => {
    assert.deepEqual(again, started);
    assert.deepEqual([newRecords, newEvents], [0, 0]);
  },
  "the policy kept run.writer-2 out": () => assert.deepEqual(confidential.delivered_to, [REVIEWER, "run.writer-1"]),
  "every run read every message that was delivered to it, once and in order": () => {
    const delivered = messages.filter(({ delivery_status }) => delivery_status === "delivered");
    for (const [run, read] of inboxes) {
      const mine = delivered.filter(({ delivered_to }) => delivered_to?.includes(run));
      assert.deepEqual(read, mine.map(({ message_id }) => message_id));
    }
  },
  "the file holds every record, numbered without a gap": () =>
    assert.deepEqual(lines.map(({ journal_seq }) => journal_seq), records.map((_, index) => index + 1)),
  "every record was published, after it was journaled and in its order": () =>
    assert.deepEqual(bus.frames.map(({ event }) => event.envelope.journal_cursor), [...journal.records.keys()]),
  "an observer that throws at every event stopped nobody": () =>
    assert.deepEqual(bus.faults.map(String), bus.frames.map(() => "Error: a faulty observer")),
});
console.log(`\nThe journal: ${relative(repository, journalPath)} (${lines.length} records)`);

// A planner, two writers and a reviewer work on a report. What they say to each other goes through the
// pool; the journal is a file and the event bus a callback, both the host's own.
//
// The program checks itself: it exits with 1 if what happened is not what it says.
import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";
import { AgentPool, AgentPoolError } from "agent-pool";
import { Account } from "./account.mjs";
import { callbackBus, fileJournal } from "./ports.mjs";

/** @import { MessageReceipt, RunMessageInput } from "agent-pool" */

const POOL = "pool.report";
const PLANNER = "run.planner";
const WRITERS = ["run.writer-1", "run.writer-2"];
const REVIEWER = "run.reviewer";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const journalPath = join(repository, "target/demo/journal.jsonl");
const account = new Account();

const journal = await fileJournal(journalPath, ({ payload }) =>
  payload.type === "run_message" && payload.content_ref === "content.review" && payload.delivery_status === "delivered");
const bus = callbackBus();
const pool = await AgentPool.build({ poolId: POOL, journal, eventBus: bus });

// What each agent does with a message that reaches its run. The bus tells agents of messages.
/** @type {Map<string, (contentRef: string) => Promise<void>>} */
const agents = new Map();
/** @type {Promise<void>[]} */
const work = [];
bus.listen(({ event: { envelope } }) => {
  if (envelope.event_kind !== "run_message_delivered") return;
  const record = journal.records.find(({ payload }) =>
    payload.type === "run_message" && payload.message_id === envelope.message_id && payload.delivery_status === "delivered");
  if (record?.payload.type !== "run_message") return;
  const { content_ref, delivered_to = [] } = record.payload;
  for (const run of delivered_to) work.push(agents.get(run)?.(content_ref) ?? Promise.resolve());
});

/** Waits until no agent has anything left to do. */
async function settled() {
  while (work.length > 0) await work.shift();
}

/** @param {RunMessageInput} message */
async function send(message) {
  const receipt = await pool.send(message);
  account.message(message, receipt, await pool.members());
  return receipt;
}

/**
 * Sends a message. Sends it once more, with the same key, if the error says that this can help.
 *
 * @param {RunMessageInput} message
 * @returns {Promise<MessageReceipt>}
 */
async function sendOrRetry(message) {
  try {
    return await send(message);
  } catch (error) {
    if (!(error instanceof AgentPoolError) || error.retry !== "Retryable") throw error;
    account.line(message.from, "journal", message.content_ref, `${error.code}: ${error.cause}; tries again`);
    return send(message);
  }
}

account.heading("Runs join");
const drafts = { topics: ["topic.drafts"] };
const cleared = { policy_refs: ["policy.confidential"] };
await pool.joinRun({ run_id: PLANNER, agent_id: "agent.planner", ...cleared });
await pool.joinRun({ run_id: "run.writer-1", agent_id: "agent.writer", ...cleared });
await pool.joinRun({ run_id: "run.writer-2", agent_id: "agent.writer" });
await pool.joinRun({ run_id: REVIEWER, agent_id: "agent.reviewer", ...drafts, ...cleared });
for (const { run_id, agent_id } of await pool.members()) account.line(run_id, POOL, `as ${agent_id}`, "joined");

for (const [index, writer] of WRITERS.entries()) {
  agents.set(writer, async (contentRef) => {
    if (contentRef !== "content.outline") return;
    await send({ from: writer, to: { topic: "topic.drafts" }, content_ref: `content.draft-${index + 1}` });
  });
}
let draftsSeen = 0;
agents.set(REVIEWER, async (contentRef) => {
  if (!contentRef.startsWith("content.draft-")) return;
  draftsSeen += 1;
  if (draftsSeen < WRITERS.length) return;
  const review = { message_id: "message.review", from: REVIEWER, to: { run: PLANNER }, content_ref: "content.review" };
  await sendOrRetry(review);
});

account.heading("The planner waits for a review, and sets the others to work");
const wake = await pool.suspendUntil(PLANNER, {
  condition_id: "wake.review",
  filter: { run_ids: [REVIEWER], kinds: ["run_message_delivered"] },
});
account.line(PLANNER, POOL, wake.condition_id, `${wake.status}: suspended until ${REVIEWER} has delivered something`);
const kickOff = { message_id: "message.kick-off", from: PLANNER, to: { pool: POOL }, content_ref: "content.kick-off" };
const started = await send(kickOff);
const outline = await send({ from: PLANNER, to: { agent: "agent.writer" }, content_ref: "content.outline" });
await settled();

const woken = await pool.pollWake(wake.condition_id);
const trigger = journal.records.find(({ payload }) => payload.type === "wake" && payload.trigger_status === "triggered");
const matched = trigger?.payload.type === "wake" ? trigger.payload.matched_event_id : undefined;
account.line(POOL, PLANNER, woken.condition_id, `${woken.status} by ${matched}: the planner goes on`);

account.heading("A policy keeps a member out");
const confidential = await send({
  from: PLANNER, to: { pool: POOL }, content_ref: "content.figures", policy_refs: ["policy.confidential"],
});

account.heading("A retry is recognised");
const before = journal.records.length;
const again = await send(kickOff);
account.line(POOL, PLANNER, "content.kick-off", `the receipt of before, ${journal.records.length - before} new records`);

await pool.close();

account.heading("Checks");
const lines = (await readFile(journalPath, "utf8")).trimEnd().split("\n").map((line) => JSON.parse(line));
/** @param {string} contentRef */
const history = (contentRef) => journal.records.flatMap(({ payload }) =>
  payload.type === "run_message" && payload.content_ref === contentRef ? [payload.delivery_status] : []);
/** @type {[string, () => void][]} */
const checks = [
  ["the broadcast reached everyone but its sender", () => assert.deepEqual(started.delivered_to, [REVIEWER, ...WRITERS])],
  ["the agent address reached both of its runs", () => assert.deepEqual(outline.delivered_to, WRITERS)],
  ["both drafts reached the topic", () => assert.equal(draftsSeen, 2)],
  ["the review was accepted once and delivered once, though the journal failed in between", () =>
    assert.deepEqual(history("content.review"), ["accepted", "delivered"])],
  ["the planner slept until the review was delivered", () => {
    const delivered = bus.frames.find(({ event: { envelope } }) =>
      envelope.message_id === "message.review" && envelope.event_kind === "run_message_delivered");
    assert.equal(woken.status, "triggered");
    assert.equal(matched, delivered?.event.envelope.event_id);
  }],
  ["the policy kept run.writer-2 out", () => assert.deepEqual(confidential.delivered_to, [REVIEWER, "run.writer-1"])],
  ["the retry answered the first receipt and recorded nothing", () => {
    assert.deepEqual(again, started);
    assert.equal(journal.records.length, before);
  }],
  ["the file holds every record, numbered without a gap", () =>
    assert.deepEqual(lines.map((record) => record.journal_seq), journal.records.map((_, index) => index + 1))],
  ["every record was published, after it was journaled and in its order", () =>
    assert.deepEqual(
      bus.frames.map((frame) => frame.event.envelope.journal_cursor),
      journal.records.map((_, index) => `line.${index + 1}`))],
];
let failed = 0;
for (const [promise, check] of checks) {
  try {
    check();
    console.log(`  ok      ${promise}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED  ${promise}\n${error}`);
  }
}
console.log(`\nThe journal: ${relative(repository, journalPath)} (${lines.length} records)`);
process.exitCode = failed === 0 ? 0 : 1;

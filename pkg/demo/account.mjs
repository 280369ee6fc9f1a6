// An observer: prints who wrote to whom, with what outcome, and why, as the event bus tells it.

/** @import { AgentPoolMemberInput, EventFrame, JournalRecord, JournalRecordPayload } from "agent-pool" */
/** @typedef {Extract<JournalRecordPayload, { type: "run_message" }>} MessagePayload */

const COLUMNS = [14, 22, 26];

/** @param {string[]} cells */
const row = (cells) => cells.map((cell, column) => cell.padEnd(COLUMNS[column] ?? 0)).join(" ").trimEnd();

export class Account {
  #step = 0;
  #poolId;
  #records;
  #members;

  /**
   * @param {string} poolId
   * @param {ReadonlyMap<string, JournalRecord>} records the journal's, by their cursors
   * @param {AgentPoolMemberInput[]} members
   */
  constructor(poolId, records, members) {
    this.#poolId = poolId;
    this.#records = records;
    this.#members = members;
  }

  /** @param {string} title */
  heading(title) {
    console.log(`\n${title}`);
  }

  /**
   * One line of the sequence.
   *
   * @param {string} from
   * @param {string} to
   * @param {string} what
   * @param {string} outcome
   */
  line(from, to, what, outcome) {
    this.#step += 1;
    console.log(`${String(this.#step).padStart(3)}  ${row([from, `-> ${to}`, what, outcome])}`);
  }

  /** @param {EventFrame} frame */
  hear({ event: { envelope } }) {
    // An event says that something happened, and not all about it: a message is named, its content is not. The rest is
    // in the record at the event's cursor, which is in the journal before the event is published.
    const payload = this.#records.get(envelope.journal_cursor ?? "")?.payload;
    if (payload === undefined) throw new Error(`${envelope.event_id} was published before it was journaled`);
    const { run_id, agent_id } = envelope;
    switch (envelope.event_kind) {
      case "agent_pool_run_joined":
        return this.line(run_id, this.#poolId, `as ${agent_id}`, "joined");
      case "wake_condition_registered":
        return this.line(run_id, this.#poolId, envelope.subject_ref.id, "registered: the run is suspended");
      case "wake_condition_triggered": {
        const matched = payload.type === "wake" ? payload.matched_event_id : undefined;
        return this.line(this.#poolId, run_id, envelope.subject_ref.id, `triggered by ${matched}: the run goes on`);
      }
      default:
        if (payload.type === "run_message" && payload.delivery_status !== "accepted") this.#message(payload);
    }
  }

  /**
   * What became of a message, with the reason for every addressed member that was left out.
   *
   * @param {MessagePayload} message
   */
  #message(message) {
    const [kind, id] = addressOf(message);
    const reached = message.delivered_to?.join(", ") ?? "nobody";
    const reasons = this.#members.flatMap((member) => reasonLeftOut(message, member) ?? []);
    const outcome = [`${message.delivery_status} to ${reached}`, ...reasons].join("; ");
    this.line(message.source_run_id, kind === "run" ? id : `${kind} ${id}`, message.content_ref, outcome);
  }
}

/**
 * @param {MessagePayload} message
 * @returns {[kind: string, id: string]}
 */
function addressOf({ address_target: { type, ...rest } }) {
  return [type, Object.values(rest).join()];
}

/**
 * Why a member that a broadcast addresses did not get the message.
 *
 * @param {MessagePayload} message
 * @param {AgentPoolMemberInput} member
 */
function reasonLeftOut(message, { run_id, policy_refs }) {
  const isAddressed = message.address_target.type === "pool" && run_id !== message.source_run_id;
  if (!isAddressed || message.delivered_to?.includes(run_id)) return undefined;
  const held = new Set(policy_refs);
  const missing = (message.policy_refs ?? []).map((ref) => ref.id).filter((id) => !held.has(id));
  return `not ${run_id}, which does not hold ${missing.join(", ")}`;
}

// The operations that the yardstick lacks, written as its author might have: leaving, snapshots and a bus that can be
// read.
import { PlainPool } from "./plain-pool.mjs";

/** @import { AgentPoolSnapshot, EventFilter, EventFrame, EventStreamScope } from "agent-pool" */

/**
 * @template Value
 * @param {Value} value
 * @returns {Value}
 */
const copied = (value) => JSON.parse(JSON.stringify(value));

/** @param {string} a @param {string} b */
const inOrder = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export class ExtendedPool extends PlainPool {
  /** @param {string} runId */
  leaveRun(runId) {
    const member = this.members.get(runId);
    if (!member) throw new Error("the run has not joined the pool");
    this.members.delete(runId);
    for (const topic of member.topics ?? []) {
      const runs = this.topics.get(topic);
      runs?.delete(runId);
      if (runs?.size === 0) this.topics.delete(topic);
    }
    const cursor = this.append(this.lifecycleRecord(member, "run_left", "agent_pool_run_left"));
    this.publish(this.lifecycleFrame(member, "agent_pool_run_left", cursor));
    this.log.push({ type: "member_left", member });
    return member;
  }

  /** @returns {AgentPoolSnapshot} */
  snapshot() {
    const messages = [...this.messages.values()].sort((a, b) => inOrder(a.message.message_id, b.message.message_id));
    return copied({
      pool_id: this.poolId,
      created: this.created,
      members: [...this.members.values()].sort((a, b) => inOrder(a.run_id, b.run_id)),
      topics: [...this.topics.keys()].sort(),
      message_policy: { include_sender_in_pool_broadcast: false },
      wake_policy: { envelope_only: true },
      ...(messages.length > 0 && { messages }),
      cursor: { sequence: this.log.length },
    });
  }
}

/** A bus that holds its frames and returns those that a filter selects by run, agent, family and kind. */
export class PlainBus {
  /** @type {EventFrame[]} */
  frames = [];

  /** @param {EventFrame} frame */
  publish(frame) {
    this.frames.push(frame);
    frame.event.envelope.event_seq = this.frames.length;
    frame.cursor.event_seq = this.frames.length;
  }

  /**
   * @param {Pick<EventFilter, "run_ids" | "agent_ids" | "families" | "kinds">} filter
   * @param {EventStreamScope} scope the scope of the returned cursors
   */
  subscribe(filter, scope) {
    return this.frames
      .filter(({ event: { envelope } }) => selects(filter, envelope))
      .map((frame) => copied({ ...frame, cursor: { ...frame.cursor, scope } }));
  }
}

/**
 * @param {Pick<EventFilter, "run_ids" | "agent_ids" | "families" | "kinds">} filter
 * @param {EventFrame["event"]["envelope"]} envelope
 */
function selects(filter, envelope) {
  return (
    has(filter.run_ids, envelope.run_id) &&
    has(filter.agent_ids, envelope.agent_id) &&
    has(filter.families, envelope.event_family) &&
    has(filter.kinds, envelope.event_kind)
  );
}

/**
 * @template Entry
 * @param {"any" | { include: Entry[] }} set
 * @param {Entry} value
 */
function has(set, value) {
  return set === "any" || set.include.includes(value);
}

// Prints the demonstration: who wrote to whom, with what outcome, and why.

/** @import { AgentPoolMember, MessageReceipt, RunMessageInput } from "agent-pool" */

const COLUMNS = [14, 22, 26];

/** @param {string[]} cells */
const row = (cells) => cells.map((cell, column) => cell.padEnd(COLUMNS[column] ?? 0)).join(" ").trimEnd();

export class Account {
  #step = 0;

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

  /**
   * A message and its receipt, with the reason for every addressed member that was left out.
   *
   * @param {RunMessageInput} message
   * @param {MessageReceipt} receipt
   * @param {AgentPoolMember[]} members
   */
  message(message, receipt, members) {
    const [kind, id] = addressOf(message);
    const reached = receipt.delivered_to?.join(", ") ?? "nobody";
    const reasons = members.flatMap((member) => reasonLeftOut(message, receipt, member) ?? []);
    const outcome = [`${receipt.status} to ${reached}`, ...reasons].join("; ");
    this.line(message.from, kind === "run" ? id : `${kind} ${id}`, message.content_ref, outcome);
  }
}

/** @param {RunMessageInput} message */
function addressOf(message) {
  const [address] = Object.entries(message.to);
  return /** @type {[string, string]} */ (address);
}

/**
 * Why a member that a broadcast addresses did not get the message.
 *
 * @param {RunMessageInput} message
 * @param {MessageReceipt} receipt
 * @param {AgentPoolMember} member
 */
function reasonLeftOut(message, receipt, member) {
  const [kind] = addressOf(message);
  if (kind !== "pool" || receipt.delivered_to?.includes(member.run_id)) return undefined;
  if (member.run_id === message.from) return undefined;
  const held = new Set(member.policy_refs?.map((ref) => ref.id));
  const missing = (message.policy_refs ?? []).map(String).filter((ref) => !held.has(ref));
  return `not ${member.run_id}, which does not hold ${missing.join(", ")}`;
}

import type { AgentPoolMember, AgentPoolStoredWake, AgentPoolStoreRecord } from "agent-pool";

/** The state of a pool, folded from the records that `watchPool` gives. */
export class History {
  readonly #members = new Map<string, AgentPoolMember>();
  readonly #wakes = new Map<string, AgentPoolStoredWake>();

  apply({ payload }: AgentPoolStoreRecord): void {
    switch (payload.type) {
      case "member_joined":
        this.#members.set(payload.member.run_id, payload.member);
        break;
      case "member_left":
        this.#members.delete(payload.member.run_id);
        break;
      case "wake":
        this.#wakes.set(payload.stored.condition.condition_id, payload.stored);
        break;
    }
  }

  /** The members, in order of their run ids. */
  get members(): readonly AgentPoolMember[] {
    return [...this.#members.values()].sort((one, other) => (one.run_id < other.run_id ? -1 : 1));
  }

  /** The wakes, in the order in which they were registered. */
  get wakes(): readonly AgentPoolStoredWake[] {
    return [...this.#wakes.values()];
  }
}

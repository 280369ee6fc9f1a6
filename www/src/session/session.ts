import {
  AgentPool,
  type AgentPoolStoredWake,
  type EventFilterInput,
  type EventFrame,
  type RunMessageInput,
  type WakeRegistration,
} from "agent-pool";

import { explain } from "../model/explain.js";
import { History } from "../model/history.js";
import type {
  EventChoice,
  JournalLine,
  Member,
  MemberDraft,
  MessageDraft,
  Model,
  Wake,
  WakeDraft,
} from "../model/model.js";
import { awaited, receiptSummary, registrationSummary, waking } from "../model/words.js";
import { Alarm } from "./alarm.js";
import { filterInput, memberInput, messageInput, wakeInput } from "./inputs.js";
import { Operations, type Answer } from "./operations.js";
import { PageEventBus, PageJournal } from "./ports.js";
import { POOL_ID, TEAM } from "./team.js";

interface Sent {
  readonly draft: MessageDraft;
  readonly message: RunMessageInput;
}

/** A pool, and everything the page knows of it. Only the files of this folder call Agent Pool. */
export class PoolSession {
  readonly #changed: () => void;
  readonly #journal: PageJournal;
  readonly #eventBus: PageEventBus;
  readonly #operations: Operations;
  readonly #history = new History();
  readonly #overdue = new Alarm(() => this.#wakesChanged());
  #pool!: AgentPool;
  #events: EventFrame[] = [];
  #following = new AbortController();
  #sent: Sent | undefined;
  #messages = 0;
  #wakes = 0;

  private constructor(changed: () => void) {
    this.#changed = changed;
    this.#journal = new PageJournal(changed);
    this.#eventBus = new PageEventBus((frame) => this.#journal.published(frame));
    this.#operations = new Operations(() => this.#journal.lines, changed);
  }

  /**
   * Opens a pool, makes the team join it, and follows its history and events. `changed` is called whenever the model
   * has changed.
   */
  static async open(changed: () => void): Promise<PoolSession> {
    const session = new PoolSession(changed);
    session.#pool = await AgentPool.build({
      poolId: POOL_ID,
      journal: session.#journal,
      eventBus: session.#eventBus,
    });
    for (const member of TEAM) await session.#pool.joinRun(member);
    void session.#watch();
    session.subscribe("all");
    return session;
  }

  /** The pool's id. */
  get poolId(): string {
    return this.#pool.poolId;
  }

  /** Everything there is to show. */
  get model(): Model {
    return {
      members: this.#members(),
      wakes: this.#history.wakes.map((stored) => this.#wake(stored)),
      journal: this.#journal.lines,
      events: this.#events,
      outcome: this.#operations.latest,
      sent: this.#sent?.message.message_id,
    };
  }

  /** Makes the journal refuse records, or take them again. */
  refuseRecords(refuses: boolean): void {
    this.#journal.refuses = refuses;
  }

  /** Makes the event bus refuse frames, or take them again. Then it is given at once what waits for it. */
  refuseFrames(refuses: boolean): void {
    this.#eventBus.refuses = refuses;
    if (!refuses) void this.#flush();
  }

  /** Resolves to whether the run is a member now. */
  join(draft: MemberDraft): Promise<boolean> {
    const member = memberInput(draft);
    return this.#operations.perform({ method: "joinRun", given: [member] }, async () => {
      await this.#pool.joinRun(member);
      return { status: "joined", summary: `${draft.runId} is a member` };
    });
  }

  leave(runId: string): void {
    void this.#operations.perform({ method: "leaveRun", given: [runId] }, async () => {
      await this.#pool.leaveRun(runId);
      return { status: "left", summary: `${runId} is no longer a member` };
    });
  }

  send(draft: MessageDraft): void {
    this.#messages += 1;
    this.#sent = { draft, message: messageInput(`message.${this.#messages}`, draft) };
    this.#changed();
    this.#send(this.#sent);
  }

  /** Sends the latest message again under the same id, as a caller does who did not get the receipt. */
  sendAgain(): void {
    if (this.#sent !== undefined) this.#send(this.#sent);
  }

  suspend(draft: WakeDraft): void {
    this.#wakes += 1;
    const condition = wakeInput(`wake.${this.#wakes}`, draft);
    void this.#operations.perform({ method: "suspendUntil", given: [draft.runId, condition] }, async () =>
      this.#standing(await this.#pool.suspendUntil(draft.runId, condition)),
    );
  }

  poll(conditionId: string): void {
    void this.#operations.perform({ method: "pollWake", given: [conditionId] }, async () =>
      this.#standing(await this.#pool.pollWake(conditionId)),
    );
  }

  cancel(conditionId: string): void {
    void this.#operations.perform({ method: "cancelWake", given: [conditionId] }, async () =>
      this.#standing(await this.#pool.cancelWake(conditionId)),
    );
  }

  /** Follows the events of another choice, from the start. */
  subscribe(choice: EventChoice): void {
    this.#following.abort();
    this.#following = new AbortController();
    this.#events = [];
    this.#changed();
    void this.#follow(filterInput(choice), this.#following.signal);
  }

  async #watch(): Promise<void> {
    try {
      for await (const record of this.#pool.watchPool()) {
        this.#history.apply(record);
        this.#wakesChanged();
      }
    } catch (error) {
      this.#operations.fail({ method: "watchPool", given: [] }, error);
    }
  }

  async #flush(): Promise<void> {
    try {
      await this.#pool.flush();
    } catch (error) {
      this.#operations.fail({ method: "flush", given: [] }, error);
    }
  }

  async #follow(filter: EventFilterInput, signal: AbortSignal): Promise<void> {
    const events = this.#events;
    try {
      for await (const frame of this.#pool.subscribe(filter, { signal })) {
        events.push(frame);
        this.#changed();
      }
    } catch (error) {
      this.#operations.fail({ method: "subscribe", given: [filter] }, error);
    }
  }

  #send({ draft, message }: Sent): void {
    void this.#operations.perform({ method: "send", given: [message] }, async () => {
      const members = await this.#pool.members();
      const receipt = await this.#pool.send(message);
      const reach = explain(this.poolId, draft, receipt, members);
      return { status: receipt.status, summary: receiptSummary(receipt), reach };
    });
  }

  #members(): Member[] {
    const waits = this.#history.wakes.filter(({ registration }) => registration.status === "registered");
    const waiting = new Set(waits.map(runOf));
    const overdue = new Set(waits.filter(isOverdue).map(runOf));
    const reach = this.#operations.latest?.reach ?? [];
    return this.#history.members.map(({ run_id, agent_id, topics = [], policy_refs = [] }) => ({
      runId: run_id,
      agentId: agent_id,
      topics,
      policies: policy_refs.map(({ id }) => id),
      isWaiting: waiting.has(run_id),
      isOverdue: overdue.has(run_id),
      isReached: reach.some(({ runId, isReached }) => isReached && runId === run_id),
    }));
  }

  #standing(registration: WakeRegistration): Answer {
    const { status, condition_id } = registration;
    return { status, summary: registrationSummary(registration, this.#wokenBy(condition_id)) };
  }

  #wake(stored: AgentPoolStoredWake): Wake {
    const { condition, registration } = stored;
    return {
      conditionId: registration.condition_id,
      runId: registration.run_id,
      waitsFor: awaited(condition.filter),
      status: registration.status,
      isOverdue: isOverdue(stored),
      wokenBy: this.#wokenBy(registration.condition_id),
    };
  }

  /** Shows the wakes as they are now, and once more when the time of the next one is over. */
  #wakesChanged(): void {
    this.#overdue.set(this.#history.wakes.map(deadlineOf).filter((deadline) => deadline !== undefined));
    this.#changed();
  }

  /** What ended a wait. Only the journal's record names the event. */
  #wokenBy(conditionId: string): string | undefined {
    const matched = ({ record: { payload } }: JournalLine): string | undefined =>
      payload.type === "wake" && payload.condition_id === conditionId ? payload.matched_event_id : undefined;
    const eventId = this.#journal.lines.map(matched).find((found) => found !== undefined);
    if (eventId === undefined) return undefined;
    const line = this.#journal.lines.find(({ frame }) => frame?.event.envelope.event_id === eventId);
    return line?.frame === undefined ? eventId : waking(line.frame);
  }
}

function runOf({ registration }: AgentPoolStoredWake): string {
  return registration.run_id;
}

function isOverdue(stored: AgentPoolStoredWake): boolean {
  const deadline = deadlineOf(stored);
  return deadline !== undefined && deadline <= Date.now();
}

/** The time at which a wake's timeout falls due, in Unix milliseconds, while it is registered. */
function deadlineOf({ registration, deadline_millis }: AgentPoolStoredWake): number | undefined {
  if (registration.status !== "registered" || deadline_millis === undefined) return undefined;
  return Number(deadline_millis);
}

import type { EventBus } from "../ports.js";
import type { EventFrame } from "../types/frame.js";

/** Stands between pools and a bus and keeps what passes. */
export class SpiedEventBus implements EventBus {
  /** What the bus was given and did not fail, as it was given. */
  readonly taken: EventFrame[] = [];
  readonly failed: { readonly cause: unknown }[] = [];
  readonly #eventBus: EventBus;

  constructor(eventBus: EventBus | EventBus["publish"]) {
    this.#eventBus = typeof eventBus === "function" ? { publish: eventBus } : eventBus;
  }

  async publish(frame: EventFrame): Promise<void> {
    const given = structuredClone(frame);
    this.taken.push(given);
    try {
      await this.#eventBus.publish(frame);
    } catch (cause) {
      this.taken.splice(this.taken.indexOf(given), 1);
      this.failed.push({ cause });
      throw cause;
    }
  }
}

/**
 * The same for a bus with `subscribe`, which is given frames without numbers. Pools get the answers of one that keeps
 * all its promises, so that one broken promise does not look like another.
 */
export class SpiedAskedEventBus extends SpiedEventBus implements Required<EventBus> {
  subscribe(): EventFrame[] {
    return this.taken.map((frame, index) => {
      const { envelope } = frame.event;
      return { ...frame, event: { ...frame.event, envelope: { ...envelope, event_seq: index + 1 } } };
    });
  }
}

/** What a frame is about, whatever number and place it has on its bus. */
export function content({ event }: EventFrame): unknown {
  const { event_seq: _, ...envelope } = event.envelope;
  return { ...event, envelope };
}

export function numberOf({ event }: EventFrame): number {
  return Number(event.envelope.event_seq);
}

export function idOf({ event }: EventFrame): string {
  return event.envelope.event_id;
}

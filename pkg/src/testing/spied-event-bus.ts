import type { MemoryEventBus } from "../memory.js";
import type { EventBusPort } from "../port-forms.js";
import type { EventBus } from "../ports.js";
import { readEventBus } from "../read-ports.js";
import type { EventFrame } from "../types/frame.js";
import { decodeLine } from "./data.js";

/** Stands between pools and a bus, and records the frames that pass. */
export class SpiedEventBus {
  /** The frames that the bus took, as they were given. */
  readonly taken: EventFrame[] = [];
  readonly failed: { readonly cause: unknown }[] = [];
  /** The bus that pools are given. It passes everything on to the bus under test, in the same form. */
  readonly port: EventBusPort;

  constructor(eventBus: Exclude<EventBusPort, MemoryEventBus>, asked: Pick<EventBus, "subscribe"> = {}) {
    // A pool refuses what is no bus.
    readEventBus(eventBus);
    if (typeof eventBus === "function") {
      this.port = { ...asked, publish: (frame) => this.#pass(structuredClone(frame), () => eventBus(frame)) };
    } else if (eventBus.publishJson === undefined) {
      this.port = { ...asked, publish: (frame) => this.#pass(structuredClone(frame), () => eventBus.publish(frame)) };
    } else {
      this.port = { ...asked, publishJson: (text) => this.#pass(decodeLine(text), () => eventBus.publishJson(text)) };
    }
  }

  async #pass(given: EventFrame, publish: () => unknown): Promise<void> {
    this.taken.push(given);
    try {
      await publish();
    } catch (cause) {
      this.taken.splice(this.taken.indexOf(given), 1);
      this.failed.push({ cause });
      throw cause;
    }
  }
}

/**
 * As {@link SpiedEventBus}, for a bus with `subscribe`, which is given frames without numbers. Pools get answers that
 * keep all promises, so that one broken promise does not look like another.
 */
export class SpiedAskedEventBus extends SpiedEventBus {
  constructor(eventBus: Exclude<EventBusPort, MemoryEventBus>) {
    super(eventBus, { subscribe: () => this.#numbered() });
  }

  #numbered(): EventFrame[] {
    return this.taken.map((frame, index) => {
      const { envelope } = frame.event;
      return { ...frame, event: { ...frame.event, envelope: { ...envelope, event_seq: index + 1 } } };
    });
  }
}

/** The content of a frame without its number and place on the bus. */
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

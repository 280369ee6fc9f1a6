// Buses that break what a bus promises when it is asked for its frames, beside those of event-bus.test.ts.

import type { EventCursor, EventFrame } from "agent-pool";
import { askedEventBusContract } from "agent-pool/testing";
import { describe, it } from "vitest";

import { Breaches, IMPATIENT } from "./broken.js";
import { HostBus, type Filter } from "./host-bus.js";

/** A frame that comes after these, and that no pool published. */
function foreign(frames: readonly EventFrame[]): EventFrame {
  const frame = structuredClone(frames[0]!);
  Object.assign(frame.event.envelope, { event_id: "event.foreign", event_seq: frames.length + 1 });
  return frame;
}

describe("of a bus that breaks what it promises when it is asked, exactly the broken promise is found:", () => {
  const breaches = new Breaches();

  it.each<[string, string, new () => HostBus]>([
    [
      "answers when it is asked for its frames, and ends",
      "one that keeps the latest frame to itself",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
          return this.held(filter, cursor).filter((frame) => frame !== this.frames.at(-1));
        }
      },
    ],
    [
      "answers when it is asked for its frames, and ends",
      "one that fails when it is asked",
      class extends HostBus {
        override subscribe(): never {
          throw new Error("nobody remembers");
        }
      },
    ],
    [
      "numbers its frames from 1, without gaps",
      "one that leaves out every other number",
      class extends HostBus {
        override publish(frame: EventFrame): unknown {
          super.publish(frame);
          frame.event.envelope.event_seq = 2 * this.frames.length - 1;
          return undefined;
        }
      },
    ],
    [
      "answers its frames as they were published",
      "one that adds a frame of its own",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
          return [...this.held(filter, cursor), foreign(this.frames)];
        }
      },
    ],
    [
      "answers the same frames when it is asked again",
      "one that then has one more",
      class extends HostBus {
        #asked = 0;
        override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
          this.#asked += 1;
          return [...this.held(filter, cursor), ...(this.#asked > 1 ? [foreign(this.frames)] : [])];
        }
      },
    ],
  ])("%s (%s)", (promise, _, Bus) =>
    breaches.expect(
      askedEventBusContract(() => new Bus(), IMPATIENT),
      promise,
    ),
  );
});

import { byId } from "../dom.js";
import type { EventChoice, Model } from "../model/model.js";
import { frameRow } from "../model/words.js";
import { Log } from "./log.js";

/** What can be done about events. */
export interface EventActions {
  subscribe(choice: EventChoice): void;
  refuse(refuses: boolean): void;
}

/** The events as a subscriber sees them, while they arrive. */
export class EventsView {
  readonly #count = byId("event-count", HTMLElement);
  readonly #log = new Log(byId("event-rows", HTMLOListElement));

  constructor(actions: EventActions) {
    const refuses = byId("bus-refuses", HTMLInputElement);
    const choice = byId("event-choice", HTMLSelectElement);
    refuses.addEventListener("change", () => actions.refuse(refuses.checked));
    choice.addEventListener("change", () => actions.subscribe(choice.value as EventChoice));
  }

  render(frames: Model["events"]): void {
    this.#count.textContent = String(frames.length);
    byId("no-events", HTMLElement).hidden = frames.length > 0;
    this.#log.render(frames, (frame) => {
      const row = frameRow(frame);
      const left = frame.overflow === undefined ? "" : ` (${frame.overflow.dropped_count} left out before)`;
      return { ...row, detail: row.detail + left, number: String(frame.event.envelope.event_seq), whole: frame };
    });
  }
}

import type { HostFrames } from "./adapters.js";
import { HeldAnswer } from "./held-answer.js";
import { sendStatus } from "./message-host.js";
import { eventBusCalls, type EventBusCalls } from "./port-calls.js";
import type { GivenEventBus } from "./port-forms.js";
import { rfc3339 } from "./rfc3339.js";
import type { Later, Runtime } from "./runtime.js";

/** An event bus of the host's as the core calls it; without `subscribe` the core keeps the frames itself. */
export interface HostEventBus {
  /** Takes the text of a frame. */
  publish(frameText: string): void | Later;
  /** Takes the frame of a message that is held in a slot. Answers whether the bus has it. */
  publishMessage(slot: number, status: number, eventNumber: number, millis: number, eventSeq: number): boolean;
  /** What `publishMessage` was answered, or what is to be thrown. */
  takeAnswer(): void | Later;
  subscribe?(filterText: string, cursorText: string | undefined): string | Later;
  follow?(filterText: string, cursorText: string | undefined): HostFrames;
}

/** Calls a bus of the host's. What it is given is made anew every time, so that a host may keep and change it. */
export class CalledEventBus implements HostEventBus {
  readonly #runtime: Runtime;
  readonly #calls: EventBusCalls;
  readonly #held = new HeldAnswer<void | Later>();

  constructor(runtime: Runtime, eventBus: GivenEventBus) {
    this.#runtime = runtime;
    this.#calls = eventBusCalls(eventBus);
  }

  publish(frameText: string): void | Later {
    return this.#call(() => this.#calls.publishText(frameText));
  }

  publishMessage(slot: number, number: number, eventNumber: number, millis: number, eventSeq: number): boolean {
    const runtime = this.#runtime;
    const message = runtime.messages.at(slot);
    try {
      runtime.requireOn();
      const answer = this.#calls.publishMessage(message, sendStatus(number), eventNumber, rfc3339(millis), eventSeq);
      if (typeof answer !== "object" && typeof answer !== "function") {
        runtime.requireOn();
        return true;
      }
      const told = this.#call(() => answer);
      if (told === undefined) return true;
      this.#held.answer(told);
    } catch (thrown) {
      this.#held.fail(thrown);
    }
    return false;
  }

  takeAnswer(): void | Later {
    return this.#held.take();
  }

  #call(publish: () => unknown): void | Later {
    return this.#runtime.callPort(publish, () => undefined);
  }
}

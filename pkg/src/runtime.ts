import { decode } from "./decode.js";
import { AgentPoolError, isErrorFields, panicked } from "./errors.js";
import { MessageHost } from "./message-host.js";
import type { Scratch } from "./scratch.js";
import type * as glue from "./wasm/agent_pool.js";

/** What of wasm-bindgen's exports is used here: the classes of the core, and what it is told and asked besides. */
export type Glue = Pick<
  typeof glue,
  | "Operation"
  | "WasmPool"
  | "WasmPort"
  | "later"
  | "runTasks"
  | "settle"
  | "settleNothing"
  | "settleText"
  | "takeSent"
>;

/**
 * A number that stands for an answer which is to come: above 0 for a port's, of which the core is told, and below 0 for an
 * operation's, of which the core tells. Neither answers such numbers otherwise.
 */
export type Later = number;

interface WaitingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly read: (answer: unknown) => unknown;
  readonly ended: (() => void) | undefined;
}

const settled = /* @__PURE__ */ Promise.resolve();

/**
 * The loaded wasm instance, and the door that every call goes through, in either direction.
 *
 * A panic of the core traps, and a trapped instance is not to be entered again: its state may be half changed. So from
 * then on calls fail with `panicked`, those that wait are rejected, and answers of ports no longer reach it (DESIGN 5).
 */
export class Runtime {
  readonly glue: Glue;
  /** The messages that are being sent. */
  readonly messages: MessageHost;
  /** Why the instance ended, once it has. */
  #fault: { readonly cause: unknown } | undefined;
  /** The calls that wait, by the numbers of their operations, which are small and given again. */
  readonly #waiting: (WaitingCall | undefined)[] = [];
  /** What was being called when the instance ended. If it were freed, that would fail where nobody could catch it. */
  readonly #kept: (() => unknown)[] = [];

  constructor(glue: Glue, scratch: Scratch) {
    this.glue = glue;
    this.messages = new MessageHost(this, scratch);
  }

  /** Ends everything; the first cause counts. */
  turnOff(cause: unknown): void {
    this.#fault ??= { cause };
    for (const waiting of this.#waiting.splice(0)) {
      waiting?.ended?.();
      waiting?.reject(panicked(this.#fault.cause));
    }
  }

  /** Whether the instance has ended. */
  get isOff(): boolean {
    return this.#fault !== undefined;
  }

  /** Calls into wasm. What is thrown is an `AgentPoolError`. */
  enter<Answer>(call: () => Answer): Answer {
    this.requireOn();
    let answer: Answer;
    try {
      answer = call();
    } catch (thrown) {
      // First of all: with an exhausted stack nothing can be called.
      if (thrown instanceof RangeError) this.#fault ??= { cause: thrown };
      const error = this.#errorOf(thrown);
      if (this.isOff) this.#kept.push(call);
      throw error;
    }
    // It may have ended in a call from within a callback, whose host did not pass the error on.
    if (this.isOff) this.#kept.push(call);
    this.requireOn();
    return answer;
  }

  /** Calls an operation of the core, which answers at once or later, and reads its answer. */
  call<Answer, Value>(call: () => Answer | Later, read: (answer: Answer) => Value): Promise<Value> {
    try {
      const answer = this.enter(call);
      return isLater(answer) ? this.outcome(answer, read) : Promise.resolve(read(answer));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What an operation comes to that the core answered later. When it has, `ended` is called first. */
  outcome<Answer, Value>(later: Later, read: (answer: Answer) => Value, ended?: () => void): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting[-later] = { resolve, reject, read, ended } as WaitingCall;
    });
  }

  /** The core tells what an operation came to. */
  answered(number: number, isKept: boolean, value: unknown): void {
    const waiting = this.#waiting[number];
    this.#waiting[number] = undefined;
    waiting?.ended?.();
    try {
      if (isKept) waiting?.resolve(waiting.read(value));
      else waiting?.reject(this.#errorOf(value));
    } catch (error) {
      // What is thrown here would end the core, and what it answered may be too much for this side to read.
      waiting?.reject(error);
    }
  }

  /** Calls an operation that answers JSON text, or nothing. */
  callForData<Value>(call: () => string | Later): Promise<Value> {
    return this.call(call, (text) => decode<Value>(text));
  }

  /** Lets the core go on, in a microtask. By way of a promise, for Node's `queueMicrotask` takes four times as long. */
  schedule(): void {
    void settled.then(() => this.#runTasks());
  }

  /** The core has ended by a fault of its own. */
  panicked(place: string): void {
    this.turnOff(new Error(`panicked at ${place}`));
  }

  /**
   * Calls a port of the host for the core. Whatever has a `then` counts as a promise: the core gets a number for it, and
   * is told later. It is not told of answers after it ended.
   */
  callPort<Answer, Told>(
    call: () => Answer | PromiseLike<Answer>,
    tell: (answer: Answer) => Told | Promise<Told>,
  ): Told | Later {
    this.requireOn();
    const answer = call();
    if (isThenable(answer)) return this.later(answer, tell);
    const told = tell(answer);
    this.requireOn();
    return told instanceof Promise ? this.later(told, (value) => value) : told;
  }

  /** The number for what a port will answer, of which the core is told then. */
  later<Answer, Told>(promise: PromiseLike<Answer>, tell: (answer: Answer) => Told | Promise<Told>): Later {
    const kept = Promise.resolve(promise);
    // It may have ended in the call of the port. How the promise fails is taken care of all the same.
    const number = this.isOff ? 0 : this.glue.later();
    // It may have a `then` of its own, which is not what promises are waited for with.
    void Promise.prototype.then.call(
      kept,
      (answer: Answer) => {
        if (this.isOff) return;
        let told: Told | Later | Promise<Told>;
        try {
          told = tell(answer);
          if (told instanceof Promise) told = this.later(told, (value) => value);
        } catch (thrown) {
          this.#settle(number, false, thrown);
          return;
        }
        this.#settle(number, true, told);
      },
      (thrown: unknown) => this.#settle(number, false, thrown),
    );
    this.requireOn();
    return number;
  }

  /** Has the core go on where nobody waits: a fault there would be nobody's to catch, and the end of a Node process. */
  #settle(number: Later, isKept: boolean, value: unknown): void {
    if (this.isOff) return;
    try {
      const { glue } = this;
      const { scratch } = this.messages;
      const length = typeof value === "string" ? scratch.write(value) : -1;
      if (isKept && length >= 0) glue.settleText(number, length);
      else if (isKept && value === undefined) glue.settleNothing(number);
      else glue.settle(number, isKept, value);
    } catch (fault) {
      this.turnOff(fault);
    }
  }

  #runTasks(): void {
    if (this.isOff) return;
    try {
      this.glue.runTasks();
    } catch (fault) {
      this.turnOff(fault);
    }
  }

  /** The core answers its errors as plain objects; all else is a trap, or an exhausted stack. */
  #errorOf(thrown: unknown): AgentPoolError {
    // What it says once it has ended, in what was under way around the fault, is not to be relied on.
    if (!this.isOff && isErrorFields(thrown)) return new AgentPoolError(thrown);
    this.turnOff(thrown);
    return panicked(this.#fault?.cause);
  }

  /** Fails once the instance has ended. */
  requireOn(): void {
    if (this.#fault === undefined) return;
    // Those who wait may not have been told, for want of a stack.
    this.turnOff(this.#fault.cause);
    throw panicked(this.#fault.cause);
  }
}

/** Whether something counts as a promise. */
export function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Whether an operation of the core answers later. */
export function isLater(answer: unknown): answer is Later {
  return typeof answer === "number" && answer < 0;
}

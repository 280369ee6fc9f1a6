import { decode } from "./decode.js";
import { AgentPoolError } from "./errors.js";
import { isLater, isThenable, type Later } from "./later.js";
import { MessageHost } from "./message-host.js";
import { isErrorFields, panicked } from "./own-errors.js";
import type { Scratch } from "./scratch.js";
import type * as glue from "./wasm/agent_pool.js";

/** The exports of wasm-bindgen's module that are used here. */
export type Glue = Pick<
  typeof glue,
  | "WasmPool"
  | "WasmPort"
  | "later"
  | "runTasks"
  | "settle"
  | "settleNothing"
  | "settleText"
  | "takeSent"
>;

interface WaitingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly read: (answer: unknown) => unknown;
  readonly ended: (() => void) | undefined;
}

const settled = /* @__PURE__ */ Promise.resolve();

/**
 * The loaded wasm instance. Every call, in either direction, goes through this class.
 *
 * A panic of the core traps, and a trapped instance must not be entered again: its state may be half changed. From then
 * on calls fail with `panicked`, calls that wait are rejected, and answers of ports no longer reach the core
 * (DESIGN 5).
 */
export class Runtime {
  readonly glue: Glue;
  /** The messages that are being sent. */
  readonly messages: MessageHost;
  /** Why the instance ended, once it has. */
  #fault: { readonly cause: unknown } | undefined;
  /** The calls that wait, by the numbers of their operations. These numbers are small and are reused. */
  readonly #waiting: (WaitingCall | undefined)[] = [];
  /**
   * The calls that were under way when the instance ended. They keep wasm objects from being collected: freeing one
   * would fail where nobody could catch the error.
   */
  readonly #kept: (() => unknown)[] = [];

  constructor(glue: Glue, scratch: Scratch) {
    this.glue = glue;
    this.messages = new MessageHost(this, scratch);
  }

  /** Ends the instance and rejects all calls that wait. The first cause counts. */
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

  /** Calls into wasm. Whatever is thrown leaves as an `AgentPoolError`. */
  enter<Answer>(call: () => Answer): Answer {
    this.requireOn();
    let answer: Answer;
    try {
      answer = call();
    } catch (thrown) {
      // This comes first: with an exhausted stack no function can be called.
      if (thrown instanceof RangeError) this.#fault ??= { cause: thrown };
      const error = this.#errorOf(thrown);
      if (this.isOff) this.#kept.push(call);
      throw error;
    }
    // The instance may have ended inside a nested call, made by a host's callback that did not pass the error on.
    if (this.isOff) this.#kept.push(call);
    this.requireOn();
    return answer;
  }

  /** Calls an operation of the core, which answers at once or later, and reads the answer. */
  call<Answer, Value>(call: () => Answer | Later, read: (answer: Answer) => Value): Promise<Value> {
    try {
      const answer = this.enter(call);
      return isLater(answer) ? this.outcome(answer, read) : Promise.resolve(read(answer));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The outcome of an operation that the core answers later. `ended` is called before the promise settles. */
  outcome<Answer, Value>(later: Later, read: (answer: Answer) => Value, ended?: () => void): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting[-later] = { resolve, reject, read, ended } as WaitingCall;
    });
  }

  /** Called by the core with the outcome of an operation. `isFulfilled` is false for an error. */
  answered(number: number, isFulfilled: boolean, value: unknown): void {
    const waiting = this.#waiting[number];
    this.#waiting[number] = undefined;
    waiting?.ended?.();
    try {
      if (isFulfilled) waiting?.resolve(waiting.read(value));
      else waiting?.reject(this.#errorOf(value));
    } catch (error) {
      // An error must not reach the core, which it would end. Reading may fail if the answer is too large for this
      // side.
      waiting?.reject(error);
    }
  }

  /** Calls an operation that returns JSON text. */
  callForData<Value>(call: () => string | Later): Promise<Value> {
    return this.call(call, (text) => decode<Value>(text));
  }

  /**
   * Lets the core continue in a microtask. It uses a promise, since Node's `queueMicrotask` takes four times as long.
   */
  schedule(): void {
    void settled.then(() => this.#runTasks());
  }

  /** Called by the core when it panics. */
  panicked(place: string): void {
    this.turnOff(new Error(`panicked at ${place}`));
  }

  /**
   * Calls a port of the host for the core. Whatever has a `then` counts as a promise: the core gets a number for it,
   * and is told the answer later. After the instance has ended, the core is told nothing.
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

  /** Returns the number for a port's later answer, and tells the core when the answer is there. */
  later<Answer, Told>(promise: PromiseLike<Answer>, tell: (answer: Answer) => Told | Promise<Told>): Later {
    const kept = Promise.resolve(promise);
    // The instance may have ended during the port's call. The promise still gets its handlers, so that a rejection is
    // handled.
    const number = this.isOff ? 0 : this.glue.later();
    // The promise may have its own `then`, which need not behave as that of a promise.
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

  /**
   * Tells the core a port's answer, and lets it continue. No caller could catch a fault here: it would end a Node
   * process.
   */
  #settle(number: Later, isFulfilled: boolean, value: unknown): void {
    if (this.isOff) return;
    try {
      const { glue } = this;
      const { scratch } = this.messages;
      const length = typeof value === "string" ? scratch.write(value) : -1;
      if (isFulfilled && length >= 0) glue.settleText(number, length);
      else if (isFulfilled && value === undefined) glue.settleNothing(number);
      else glue.settle(number, isFulfilled, value);
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

  /**
   * Turns what wasm threw into an error. The core throws its errors as plain objects; everything else is a trap or an
   * exhausted stack.
   */
  #errorOf(thrown: unknown): AgentPoolError {
    // Once the instance has ended, errors that calls under way still report are not reliable.
    if (!this.isOff && isErrorFields(thrown)) return new AgentPoolError(thrown);
    this.turnOff(thrown);
    return panicked(this.#fault?.cause);
  }

  /** Throws if the instance has ended. */
  requireOn(): void {
    if (this.#fault === undefined) return;
    // `enter` may have set the fault without rejecting the waiting calls, as the stack was exhausted.
    this.turnOff(this.#fault.cause);
    throw panicked(this.#fault.cause);
  }
}

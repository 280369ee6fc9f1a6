import { decode } from "./decode.js";
import { AgentPoolError, isErrorFields, panicked } from "./errors.js";
import { MessageHost } from "./message-host.js";
import type { Scratch } from "./scratch.js";
import type * as glue from "./wasm/agent_pool.js";

/** What wasm-bindgen exports: the classes of the core. */
export type Glue = Pick<typeof glue, "Operation" | "WasmPool" | "WasmPort">;

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
  /** How to reject the calls that wait. */
  readonly #waiting = new Set<(error: AgentPoolError) => void>();
  /** What was being called when the instance ended. If it were freed, that would fail where nobody could catch it. */
  readonly #kept: (() => unknown)[] = [];

  constructor(glue: Glue, scratch: Scratch) {
    this.glue = glue;
    this.messages = new MessageHost(this, scratch);
  }

  /** Ends everything; the first cause counts. */
  turnOff(cause: unknown): void {
    this.#fault ??= { cause };
    for (const reject of this.#waiting) reject(panicked(this.#fault.cause));
    this.#waiting.clear();
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
      const error = this.#errorOf(thrown);
      if (this.isOff) this.#kept.push(call);
      throw error;
    }
    // It may have ended in a call from within a callback, whose host did not pass the error on.
    if (this.isOff) this.#kept.push(call);
    this.requireOn();
    return answer;
  }

  /** Calls an operation of the core, which answers at once or in a promise, and reads its answer. */
  call<Answer, Value>(call: () => Answer | Promise<Answer>, read: (answer: Answer) => Value): Promise<Value> {
    let answer: Answer | Promise<Answer>;
    try {
      answer = this.enter(call);
      if (!(answer instanceof Promise)) return Promise.resolve(read(answer));
    } catch (error) {
      return Promise.reject(error);
    }
    const promise = answer;
    return this.promise((resolve, reject) => {
      promise.then(
        (value) => resolve(read(value)),
        (thrown: unknown) => reject(this.#errorOf(thrown)),
      );
    });
  }

  /** A promise that `begin` settles later, unless the instance ends before. */
  promise<Value>(
    begin: (resolve: (value: Value) => void, reject: (error: unknown) => void) => void,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      begin(
        (value) => {
          if (this.#waiting.delete(reject)) resolve(value);
        },
        (error) => {
          if (this.#waiting.delete(reject)) reject(error);
        },
      );
    });
  }

  /** Calls an operation that answers JSON text, or nothing. */
  callForData<Value>(call: () => string | Promise<string>): Promise<Value> {
    return this.call(call, (text) => decode<Value>(text));
  }

  /**
   * Lets the core go on, in a microtask: a fault there would be nobody's to catch, and the end of a Node process. By way
   * of a promise, for Node's `queueMicrotask` takes four times as long.
   */
  schedule(run: () => void): void {
    void settled.then(() => {
      if (this.isOff) return;
      try {
        run();
      } catch (fault) {
        this.turnOff(fault);
      }
    });
  }

  /**
   * Calls a port of the host for the core. Whatever has a `then` counts as a promise, and the core gets a real one; it
   * is not told of answers after it ended.
   */
  callPort<Answer, Told>(
    call: () => Answer | PromiseLike<Answer>,
    tell: (answer: Answer) => Told | Promise<Told>,
  ): Told | Promise<Told> {
    this.requireOn();
    const answer = call();
    if (isThenable(answer)) return this.#whileOn(Promise.resolve(answer), tell);
    const told = tell(answer);
    this.requireOn();
    return told instanceof Promise ? this.#whileOn(told, (value) => value) : told;
  }

  #whileOn<Answer, Told>(
    promise: Promise<Answer>,
    tell: (answer: Answer) => Told | Promise<Told>,
  ): Promise<Told> {
    return new Promise((resolve, reject) => {
      const refuse = (thrown: unknown): void => {
        if (!this.isOff) reject(thrown);
      };
      const keep = (answer: Answer): void => {
        if (this.isOff) return;
        try {
          const told = tell(answer);
          if (told instanceof Promise) this.#whileOn(told, (value) => value).then(resolve, refuse);
          else resolve(told);
        } catch (thrown) {
          refuse(thrown);
        }
      };
      promise.then(keep, refuse);
    });
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
    if (this.#fault !== undefined) throw panicked(this.#fault.cause);
  }
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

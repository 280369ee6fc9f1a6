import { connect, type Connection } from "./connect.js";
import { decode } from "./decode.js";
import { AgentPoolError, closed, closeTimedOut } from "./errors.js";
import { loadRuntime } from "./instance.js";
import type { ReadOptions } from "./options.js";
import type { PlainMessage } from "./plain-message.js";
import { RunInputs } from "./run-launching.js";
import type { Runtime } from "./runtime.js";
import type { StreamSource } from "./stream-source.js";
import type { MessageReceipt } from "./types/message.js";
import type { Operation, WasmPool, WasmStream } from "./wasm/agent_pool.js";

/** What the core is asked to do; see src/js/request.rs. */
type OperationName = keyof typeof Operation;

/** The arguments of an operation as JSON texts. */
type ArgumentTexts = [first?: string | undefined, second?: string | undefined, third?: string | undefined];

/** An open pool of the core's, from when it is opened until nothing needs it any more. */
export class Handle {
  /** The pool's id. */
  readonly poolId: string;
  /** The inputs of runs that are being started. */
  readonly inputs: RunInputs;
  readonly #runtime: Runtime;
  /** Gone once the pool was closed and no call waits for an answer. */
  #connection: Connection | undefined;
  #waiting = 0;
  #isClosed = false;
  #isAbandoned = false;
  /** Kept once the pool was closed and no call waits. */
  readonly #ended: Promise<void>;
  #end!: () => void;

  private constructor(runtime: Runtime, connection: Connection, inputs: RunInputs) {
    this.poolId = runtime.enter(() => connection.wasm.poolId());
    this.inputs = inputs;
    this.#runtime = runtime;
    this.#connection = connection;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Opens a pool, loading the core if need be. */
  static async open<RunHandle>(options: ReadOptions<RunHandle>): Promise<Handle> {
    const runtime = await loadRuntime(options.wasm);
    const inputs = new RunInputs();
    return new Handle(runtime, await connect(runtime, options, inputs), inputs);
  }

  /**
   * Calls the core, before anything else happens, so that calls take their turns in the order in which the host makes
   * them.
   */
  async call<Answer, Value>(
    operation: OperationName,
    texts: ArgumentTexts,
    read: (answer: Answer) => Value,
  ): Promise<Value> {
    const connection = this.#connection;
    if (connection === undefined) throw closed(this.poolId);
    this.#waiting += 1;
    try {
      const number = this.#runtime.glue.Operation[operation];
      return await this.#runtime.call<Answer, Value>(() => connection.wasm.call(number, ...texts), read);
    } finally {
      this.#answered();
    }
  }

  /** Sends a message. Answers `undefined` if it is to be sent in the general way. */
  send(message: PlainMessage): Promise<MessageReceipt> | undefined {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    this.#waiting += 1;
    try {
      const answer = this.#runtime.messages.send(connection.wasm, message, this.#answeredLater);
      if (answer instanceof Promise) return answer;
      this.#answered();
      return answer && Promise.resolve(answer);
    } catch (error) {
      this.#answered();
      return Promise.reject(error);
    }
  }

  /** One call less waits, though the core is not done with it. */
  readonly #answeredLater = (): void => {
    this.#waiting -= 1;
    if (this.#isClosed) void Promise.resolve().then(() => this.#releaseIfDone());
  };

  /** One call less waits. */
  #answered(): void {
    this.#waiting -= 1;
    this.#releaseIfDone();
  }

  /** Calls an operation that answers JSON text. */
  callForData<Value>(operation: OperationName, ...texts: ArgumentTexts): Promise<Value> {
    return this.call<string, Value>(operation, texts, (text) => decode<Value>(text));
  }

  /** Calls an operation that answers nothing. */
  callForNothing(operation: OperationName, ...texts: ArgumentTexts): Promise<void> {
    return this.call<void, void>(operation, texts, () => undefined);
  }

  /** Opens a live stream. It may outlast the handle by what it has to give. */
  open<Item>(open: (pool: WasmPool) => WasmStream): StreamSource<Item> {
    const connection = this.#connection;
    if (connection === undefined) throw closed(this.poolId);
    const runtime = this.#runtime;
    const stream = runtime.enter(() => open(connection.wasm));
    return {
      next: () =>
        runtime.call<string | undefined, Item | undefined>(
          () => stream.next(),
          (text) => (text === undefined ? undefined : decode<Item>(text)),
        ),
      // Not at once: the core may be in it, and have called whoever ends it now.
      stop: () =>
        void Promise.resolve().then(() => {
          if (!runtime.isOff) stream.free();
        }),
    };
  }

  /**
   * Closes the pool; once more is no error. With a limit it has ended by then, for good: what is not finished is given
   * up.
   */
  async close(limitMillis?: number): Promise<void> {
    if (this.#connection === undefined) return;
    // If it fails, what waits for the event bus is still there, for whoever closes it next.
    if (limitMillis === undefined) return this.#finish();
    const limit = setTimeout(() => this.#abandon(), limitMillis);
    try {
      await this.#finish();
      // The core does not wait for what takes no turn, such as a run that is being started.
      await this.#ended;
      if (this.#isAbandoned) throw closeTimedOut(this.poolId);
    } catch (error) {
      if (!isReentrantCall(error)) this.#abandon();
      throw error;
    } finally {
      clearTimeout(limit);
    }
  }

  async #finish(): Promise<void> {
    try {
      await this.callForNothing("Close");
    } catch (error) {
      throw this.#isAbandoned ? closeTimedOut(this.poolId) : error;
    }
    this.#isClosed = true;
    this.#releaseIfDone();
  }

  /** Has the core drop what is under way: the calls that wait are rejected. */
  #abandon(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#isAbandoned || this.#runtime.isOff) return;
    this.#isAbandoned = true;
    this.#isClosed = true;
    try {
      this.#runtime.enter(() => connection.wasm.abandon());
    } catch {
      // A fault, which those who wait are told of; a timer has nobody to tell.
    }
    this.#releaseIfDone();
  }

  #releaseIfDone(): void {
    const connection = this.#connection;
    if (connection === undefined || !this.#isClosed || this.#waiting > 0) return;
    this.#end();
    if (this.#runtime.isOff) return;
    this.#connection = undefined;
    connection.wasm.free();
    connection.release();
  }
}

function isReentrantCall(error: unknown): boolean {
  return error instanceof AgentPoolError && error.code === "reentrant_call";
}

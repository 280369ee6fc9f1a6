import { connect, type Connection } from "./connect.js";
import { decode } from "./decode.js";
import { AgentPoolError } from "./errors.js";
import { loadRuntime } from "./instance.js";
import { closed, closeTimedOut } from "./own-errors.js";
import type { PlainMessage } from "./plain-message.js";
import type { ReadOptions } from "./read-options.js";
import { RunInputs } from "./run-launching.js";
import type { Runtime } from "./runtime.js";
import type { StreamSource } from "./stream-source.js";
import type { MessageReceipt } from "./types/message.js";
import { Operation, type WasmPool, type WasmStream } from "./wasm/agent_pool.js";

/** The arguments of an operation as JSON texts. */
type ArgumentTexts = [first?: string | undefined, second?: string | undefined, third?: string | undefined];

/** An open pool of the core, from its opening until nothing needs it any more. */
export class Handle {
  /** The pool's id. */
  readonly poolId: string;
  /** The inputs of runs that are being started. */
  readonly inputs: RunInputs;
  readonly #runtime: Runtime;
  /** Undefined once the pool is closed and no call waits for an answer. */
  #connection: Connection | undefined;
  #waiting = 0;
  #isClosed = false;
  #isAbandoned = false;
  /** Resolves once the pool is closed and no call waits for an answer. */
  readonly #ended: Promise<void>;
  #end!: () => void;

  private constructor(runtime: Runtime, connection: Connection, inputs: RunInputs) {
    this.poolId = runtime.enter(() => connection.wasm.poolId());
    this.inputs = inputs;
    this.#runtime = runtime;
    this.#connection = connection;
    this.#ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Opens a pool, loading the core first if needed. */
  static async open<RunHandle>(options: ReadOptions<RunHandle>): Promise<Handle> {
    const runtime = await loadRuntime(options.wasm);
    const inputs = new RunInputs();
    return new Handle(runtime, await connect(runtime, options, inputs), inputs);
  }

  /** Calls the core synchronously, so that operations take their turns in the order in which the host calls them. */
  async call<Answer, Value>(
    operation: Operation,
    texts: ArgumentTexts,
    read: (answer: Answer) => Value,
  ): Promise<Value> {
    const connection = this.#connection;
    if (connection === undefined) throw closed(this.poolId);
    this.#waiting += 1;
    try {
      return await this.#runtime.call<Answer, Value>(() => connection.wasm.call(operation, ...texts), read);
    } finally {
      this.#answered();
    }
  }

  /** Sends a message. Returns `undefined` if the message has to be sent in the general way. */
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

  /** One call fewer waits. The core is still inside that call, so the pool is released only in a later microtask. */
  readonly #answeredLater = (): void => {
    this.#waiting -= 1;
    if (this.#isClosed) void Promise.resolve().then(() => this.#releaseIfDone());
  };

  /** One call fewer waits. */
  #answered(): void {
    this.#waiting -= 1;
    this.#releaseIfDone();
  }

  /** Calls an operation that returns JSON text. */
  callForData<Value>(operation: Operation, ...texts: ArgumentTexts): Promise<Value> {
    return this.call<string, Value>(operation, texts, (text) => decode<Value>(text));
  }

  /** Calls an operation that returns nothing. */
  callForNothing(operation: Operation, ...texts: ArgumentTexts): Promise<void> {
    return this.call<void, void>(operation, texts, () => undefined);
  }

  /** Opens a live stream. It may outlive the handle, until it has given all that it still has. */
  open<Item>(open: (pool: WasmPool) => WasmStream): StreamSource<Item> {
    const connection = this.#connection;
    if (connection === undefined) throw closed(this.poolId);
    const runtime = this.#runtime;
    const stream = runtime.enter(() => open(connection.wasm));
    const free = (): void => {
      if (!runtime.isOff) stream.free();
    };
    // Whether the core is in the stream. It may call the host there, and what is in use cannot be freed.
    let isInUse = false;
    const next = (): string | undefined => {
      isInUse = true;
      try {
        return stream.next() as string | undefined;
      } finally {
        isInUse = false;
      }
    };
    return {
      next: () => runtime.call(next, (text) => (text === undefined ? undefined : decode<Item>(text))),
      stop: () => {
        if (isInUse) void Promise.resolve().then(free);
        else free();
      },
    };
  }

  /**
   * Closes the pool; closing it again is no error. With a limit, the pool has ended for good by then: what is not
   * finished is given up.
   */
  async close(limitMillis?: number): Promise<void> {
    if (this.#connection === undefined) return;
    // If this fails, the events that wait for the bus are kept for the next `close`.
    if (limitMillis === undefined) return this.#finish();
    const limit = setTimeout(() => this.#abandon(), limitMillis);
    try {
      await this.#finish();
      // The core does not wait for calls that take no turn, such as a run that is being started.
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
      await this.callForNothing(Operation.Close);
    } catch (error) {
      throw this.#isAbandoned ? closeTimedOut(this.poolId) : error;
    }
    this.#isClosed = true;
    this.#releaseIfDone();
  }

  /** Makes the core drop what is under way. The calls that wait are rejected. */
  #abandon(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#isAbandoned || this.#runtime.isOff) return;
    this.#isAbandoned = true;
    this.#isClosed = true;
    try {
      this.#runtime.enter(() => connection.wasm.abandon());
    } catch {
      // A fault. The calls that wait are rejected with it; a timer that called this has nobody to report it to.
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

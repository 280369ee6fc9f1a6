// Which calls of the core a port's answer leads to: none, once the core has ended.

import { describe, expect, it, vi } from "vitest";

import { hostEventBus } from "../../pkg/src/host-event-bus.js";
import { CalledJournal } from "../../pkg/src/host-journal.js";
import { PlainMessage, type TargetKind } from "../../pkg/src/plain-message.js";
import { readEventBus, readJournal } from "../../pkg/src/read-ports.js";
import { Runtime, type Glue } from "../../pkg/src/runtime.js";
import type { Scratch } from "../../pkg/src/scratch.js";
import { anything, settle } from "../behaviour/support.js";

/** A runtime that records the calls of its core. */
function noted(): { runtime: Runtime; calls: string[] } {
  const calls: string[] = [];
  const note = (name: string) => () => calls.push(name);
  const names = ["later", "settle", "settleNothing", "settleText"];
  const glue = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Glue;
  const scratch = { write: (text: string) => text.length } as unknown as Scratch;
  return { runtime: new Runtime(glue, scratch), calls };
}

describe.each<[string, () => Promise<unknown>]>([
  ["nothing", async () => undefined],
  ["a text", async () => "place.1"],
  ["a failure", () => Promise.reject(new Error("full"))],
])("of a port that answers later: %s,", (_, answer) => {
  it("the core is told once, and that it will be", async () => {
    const { runtime, calls } = noted();
    runtime.callPort(answer, (told) => told);
    expect(calls).toEqual(["later"]);
    await settle();
    expect(calls).toHaveLength(2);
  });

  it("a core that ended in the port's call is not called again", async () => {
    const { runtime, calls } = noted();
    const ending = (): Promise<unknown> => {
      runtime.turnOff(new Error("a trap"));
      return answer();
    };
    expect(() => runtime.callPort(ending, (told) => told)).toThrow(expect.objectContaining({ code: "panicked" }));
    await settle();
    expect(calls).toEqual([]);
  });

  it("a core that ended meanwhile is not called again", async () => {
    const { runtime, calls } = noted();
    runtime.callPort(answer, (told) => told);
    runtime.turnOff(new Error("a trap"));
    await settle();
    expect(calls).toEqual(["later"]);
  });
});

it("a core that ended in the call of a port that answers at once is told nothing", () => {
  const { runtime } = noted();
  const ending = (): string => {
    runtime.turnOff(new Error("a trap"));
    return "place.1";
  };
  expect(() => runtime.callPort(ending, (told) => told)).toThrow(expect.objectContaining({ code: "panicked" }));
});

it("a core that ended in a call has no answer to it", () => {
  const { runtime } = noted();
  const ending = (): string => {
    runtime.turnOff(new Error("a trap"));
    return "text";
  };
  expect(() => runtime.enter(ending)).toThrow(expect.objectContaining({ code: "panicked" }));
});

it("a core that has ended calls no port", () => {
  const { runtime } = noted();
  const port = vi.fn();
  runtime.turnOff(new Error("a trap"));
  expect(() => runtime.callPort(port, (told) => told)).toThrow(expect.objectContaining({ code: "panicked" }));
  expect(port).not.toHaveBeenCalled();
});

it("a core that has ended is not entered again", () => {
  const { runtime } = noted();
  const call = vi.fn();
  runtime.turnOff(new Error("a trap"));
  expect(() => runtime.enter(call)).toThrow(expect.objectContaining({ code: "panicked" }));
  expect(call).not.toHaveBeenCalled();
});

describe("of what a call of the core throws,", () => {
  const fields = { kind: "Cancellation", retry: "NotRetryable", code: "closed", message: "made up" } as const;
  const thrower = (thrown: unknown) => (): never => {
    throw thrown;
  };

  it("an error that the core reports is that, and the core goes on", () => {
    const { runtime } = noted();
    expect(() => runtime.enter(thrower({ ...fields }))).toThrow(expect.objectContaining(fields));
    expect(runtime.isOff).toBe(false);
  });

  it.each<[string, unknown]>([
    ["a trap", new WebAssembly.RuntimeError("unreachable")],
    ["an exhausted stack", new RangeError("Maximum call stack size exceeded")],
    ["an error that has the fields of the core's", Object.assign(new Error("x"), fields)],
    ["an object without a code", { retry: "Retryable" }],
    ["an object that does not say whether to retry", { code: "closed" }],
    ["null", null],
    ["a text", "unreachable"],
  ])("%s has ended the core, and is the cause", async (_, cause) => {
    const { runtime } = noted();
    const waiting = runtime.outcome(-1, () => undefined, () => ended.push("waiting"));
    const ended: string[] = [];
    const panicked = expect.objectContaining({ code: "panicked", cause });
    expect(() => runtime.enter(thrower(cause))).toThrow(panicked);
    expect(runtime.isOff).toBe(true);
    expect(ended).toEqual(["waiting"]);
    await expect(waiting).rejects.toEqual(panicked);
    runtime.turnOff(new Error("another"));
    expect(() => runtime.enter(() => undefined)).toThrow(panicked);
  });

  it.each<[string, (runtime: Runtime) => unknown]>([
    ["is told a port's answer", (runtime) => runtime.callPort(async () => "place.1", (told) => told)],
    ["is told of nothing", (runtime) => runtime.callPort(async () => undefined, (told) => told)],
    ["is told of a failure", (runtime) => runtime.callPort(() => Promise.reject(new Error("full")), (told) => told)],
    ["goes on with its tasks", (runtime) => runtime.schedule()],
  ])("nothing reaches the process if it traps as it %s: the core has ended", async (_, act) => {
    const trap = new WebAssembly.RuntimeError("unreachable");
    const { runtime } = noted();
    const names = ["settle", "settleNothing", "settleText", "runTasks"] as const;
    for (const name of names) runtime.glue[name] = thrower(trap);
    act(runtime);
    await settle();
    expect(() => runtime.requireOn()).toThrow(expect.objectContaining({ code: "panicked", cause: trap }));
  });
});

it("an answer of the core's that this side fails to read is its caller's to hear, and the core goes on", async () => {
  const { runtime } = noted();
  const tooLong = new RangeError("Invalid string length");
  const read = (): never => {
    throw tooLong;
  };
  const outcome = runtime.outcome(-1, read);
  runtime.answered(1, true, "text");
  await expect(outcome).rejects.toBe(tooLong);
  expect(runtime.isOff).toBe(false);
});

describe.each([
  ["ends in the port's call", true],
  ["has ended before", false],
])("of a core that %s, a port is shown nothing more, and its answer does not count:", (_, endsInCall) => {
  const RUN: TargetKind = { number: 0, type: "run", idName: "run_id", destination: "agent", entity: "run" };

  /** A runtime that holds one message, in slot 0, and a port's method, which counts what it is shown. */
  function holding() {
    const { runtime } = noted();
    const message = new PlainMessage("pool.a", "message.a", "", "run.a", RUN, "run.b", "content.a");
    message.addressed("agent.a", ["run.b"]);
    runtime.messages.at = () => message;
    const port = vi.fn(() => runtime.turnOff(new Error("a trap")));
    return { runtime, port };
  }

  it("the record of a message", () => {
    const { runtime, port } = holding();
    const journal = new CalledJournal(runtime, readJournal(port));
    if (!endsInCall) runtime.turnOff(new Error("a trap"));
    journal.appendMessage(0, 0, 1, 0, 0, 0);
    expect(() => journal.takeAnswer()).toThrow(expect.objectContaining({ code: "panicked" }));
    expect(port).toHaveBeenCalledTimes(endsInCall ? 1 : 0);
  });

  it("the record of a message, also if the answer is none", () => {
    const { runtime, port } = holding();
    const journal = new CalledJournal(runtime, readJournal(anything(() => (port(), 5))));
    if (!endsInCall) runtime.turnOff(new Error("a trap"));
    journal.appendMessage(0, 0, 1, 0, 0, 0);
    expect(() => journal.takeAnswer()).toThrow(expect.objectContaining({ code: "panicked" }));
  });

  it("the event of a message", () => {
    const { runtime, port } = holding();
    const bus = hostEventBus(runtime, readEventBus(port));
    if (!endsInCall) runtime.turnOff(new Error("a trap"));
    expect(bus.publishMessage(0, 0, 1, 0, 1)).toBe(-1);
    expect(() => bus.takeAnswer()).toThrow(expect.objectContaining({ code: "panicked" }));
    expect(port).toHaveBeenCalledTimes(endsInCall ? 1 : 0);
  });
});

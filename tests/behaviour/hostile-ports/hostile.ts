// What a hostile host may throw and return.

import { AgentPoolError } from "agent-pool";
import { expect } from "vitest";

import { anything, settle } from "../support.js";

/** An object that throws on every access. */
export function untouchable(): object {
  const trap = (): never => {
    throw new Error("it was touched");
  };
  const traps = Object.fromEntries(
    Object.getOwnPropertyNames(Reflect)
      .filter((name) => typeof Reflect[name as keyof typeof Reflect] === "function")
      .map((name) => [name, trap]),
  );
  return new Proxy({}, traps);
}

const fields = { kind: "Cancellation", retry: "NotRetryable", code: "closed", message: "made up" } as const;

/** What a port may throw besides an error. Each becomes the cause, unchanged. */
export const THROWN: [string, unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["a number", 0],
  ["a text", "no room"],
  ["a symbol", Symbol("no room")],
  ["a bigint", 1n],
  ["a function", (): void => undefined],
  ["a frozen object", Object.freeze({ reason: "no room" })],
  ["an object without a prototype", Object.create(null)],
  ["an object that cannot be touched", untouchable()],
  ["an object that looks like an error of the core", { ...fields }],
  ["an error of the pool's own kind", new AgentPoolError(fields)],
  ["a fault such as the core's own", new WebAssembly.RuntimeError("unreachable")],
];

/** Ways in which a port may fail, each with what it throws. */
export const FAILURES = THROWN.flatMap<[string, () => unknown, unknown]>(([name, reason]) => [
  [
    `throwing ${name}`,
    () => {
      throw reason;
    },
    reason,
  ],
  [`rejecting with ${name}`, () => Promise.reject(reason), reason],
]);

type Then<Value> = (fulfil: (value: Value | PromiseLike<Value>) => void, reject: (reason: unknown) => void) => void;

export function thenable<Value>(then: Then<Value>): PromiseLike<Value> {
  return { then } as unknown as PromiseLike<Value>;
}

/** Answers with a `then` that are not proper promises, but still resolve to this value. */
export function oddlyKept<Value>(value: Value, other: Value): [string, () => PromiseLike<Value>][] {
  const gone = new Error("changed its mind");
  return [
    ["calls back at once", () => thenable((fulfil) => fulfil(value))],
    [
      "calls back twice",
      () =>
        thenable((fulfil) => {
          fulfil(value);
          fulfil(other);
        }),
    ],
    [
      "calls back and then fails",
      () =>
        thenable((fulfil, reject) => {
          fulfil(value);
          reject(gone);
        }),
    ],
    [
      "is a promise with a `then` of its own, which calls back at once and twice",
      () =>
        Object.assign(Promise.resolve(value), {
          then: anything((fulfil: (value: Value) => void) => {
            fulfil(other);
            fulfil(other);
          }),
        }),
    ],
    [
      "calls back twice, the second time later",
      () =>
        thenable((fulfil) => {
          fulfil(value);
          void settle().then(() => fulfil(other));
        }),
    ],
    [
      "throws after it called back",
      () =>
        thenable((fulfil) => {
          fulfil(value);
          throw gone;
        }),
    ],
    ["calls back with another such", () => thenable((fulfil) => fulfil(thenable((inner) => inner(value))))],
    ["calls back with a promise", () => thenable((fulfil) => fulfil(Promise.resolve(value)))],
    [
      "is a function",
      () => Object.assign(() => other, { then: (fulfil: (value: Value) => void) => fulfil(value) }) as never,
    ],
    [
      "is a promise of a class of its own",
      () => new (class Eventual<Kept> extends Promise<Kept> {})<Value>((fulfil) => fulfil(value)),
    ],
  ];
}

/** Answers with a `then` that are not proper promises, and reject with this reason. */
export function oddlyBroken(reason: unknown): [string, () => PromiseLike<never>][] {
  return [
    ["fails at once", () => thenable((_, reject) => reject(reason))],
    [
      "throws before it calls back",
      () =>
        thenable(() => {
          throw reason;
        }),
    ],
    [
      "fails and then calls back",
      () =>
        thenable<never>((fulfil, reject) => {
          reject(reason);
          fulfil(undefined as never);
        }),
    ],
    ["calls back with another that fails", () => thenable((fulfil) => fulfil(thenable((_, reject) => reject(reason))))],
    [
      "cannot be read",
      () =>
        Object.defineProperty({}, "then", {
          get: () => {
            throw reason;
          },
        }) as never,
    ],
  ];
}

/** Freezes a value and everything in it. */
export function deeplyFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(deeplyFrozen);
}

/** Overwrites everything in a value with nonsense. */
export function spoil(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    spoil(member);
    (value as Record<string, unknown>)[key] = typeof member === "number" ? -1 : "spoilt";
  }
  if (Array.isArray(value)) value.push("spoilt");
}

/** What a host may do with the objects that it is given. `kept` has all objects so far. */
export const TREATMENTS: [string, (given: unknown, kept: readonly unknown[]) => void][] = [
  ["spoiling it", spoil],
  ["freezing it", deeplyFrozen],
  ["keeping it and spoiling it later", (_, kept) => kept.slice(0, -1).forEach(spoil)],
];

/** Checks that a story ends as it does with a port that does nothing, whatever the port does with its objects. */
export async function expectUnmoved(
  story: (port: (given: unknown) => void) => Promise<unknown>,
  treat: (given: unknown, kept: readonly unknown[]) => void,
): Promise<void> {
  const kept: unknown[] = [];
  const told = await story(() => undefined);
  const retold = await story((given) => {
    kept.push(given);
    treat(given, kept);
  });
  expect(retold).toEqual(told);
  expect(kept.length).toBeGreaterThan(5);
}

// What a live stream does with the iterator that a bus of the host's answers.

import type { AgentPool, EventFrame } from "agent-pool";
import { expect, it } from "vitest";

import { Deferred, settle, take, team } from "./support.js";

const DONE = { done: true, value: undefined } as const;

/** A team on a bus that answers a live stream with this iterator. `there` has the bus's frames. */
async function teamOn(iterator: (there: EventFrame[]) => Partial<AsyncIterator<EventFrame>>): Promise<AgentPool> {
  const there: EventFrame[] = [];
  return team({
    eventBus: {
      publish: (frame) => void (frame.event.envelope.event_seq = there.push(frame)),
      subscribe: (_filter, _cursor, options) =>
        options === undefined ? there : ({ [Symbol.asyncIterator]: () => iterator(there) } as never),
    },
  });
}

it("an iterator that has ended is asked for nothing more, not even to return", async () => {
  const asked: string[] = [];
  const pool = await teamOn((there) => ({
    next: async () => {
      asked.push("next");
      return asked.length > there.length ? DONE : { done: false, value: there[asked.length - 1]! };
    },
    return: async () => {
      asked.push("return");
      return DONE;
    },
  }));
  const reading = pool.subscribe()[Symbol.asyncIterator]();
  await take(reading, 3);
  const waiting = reading.next();
  await settle();
  await reading.return();
  expect(await waiting).toEqual(DONE);
  await settle();
  expect(asked).toEqual(["next", "next", "next", "next"]);
});

it.each<[string, () => Promise<never>]>([
  ["rejects", () => Promise.reject(new Error("it goes on"))],
  [
    "throws",
    () => {
      throw new Error("it goes on");
    },
  ],
])("an iterator that %s when it is told to return is of no interest any more", async (_, fail) => {
  const told = new Deferred();
  let given = 0;
  const pool = await teamOn((there) => ({
    next: () => (given < 3 ? Promise.resolve({ value: there[given++]! }) : new Promise(() => undefined)),
    return: () => {
      told.resolve();
      return fail();
    },
  }));
  const reading = pool.subscribe()[Symbol.asyncIterator]();
  await take(reading, 3);
  await reading.return();
  await told.promise;
  await settle();
  expect(await pool.members()).toHaveLength(2);
});

it("a bus that is asked from the start gets no cursor, and not `null`", async () => {
  const cursors: unknown[] = [];
  const pool = await team({
    eventBus: {
      publish: () => undefined,
      subscribe: (_, cursor) => {
        cursors.push(cursor);
        return [];
      },
    },
  });
  await pool.subscribe().drain();
  const waiting = pool.subscribe()[Symbol.asyncIterator]().next();
  await settle();
  await pool.close();
  await waiting;
  expect(cursors).toEqual([undefined, undefined]);
});

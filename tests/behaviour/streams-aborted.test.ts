// Readings whose signal is aborted before they hear of it.

import type { EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, settle, team } from "./support.js";

const DONE = { done: true, value: undefined };

describe("a reading whose signal is aborted", () => {
  it("before it begins asks no bus, and leaves no listener", async () => {
    const frames: EventFrame[] = [];
    let [asked, listeners] = [0, 0];
    const eventBus = {
      publish: (frame: EventFrame) => void (frame.event.envelope.event_seq = frames.push(frame)),
      subscribe: () => ((asked += 1), frames),
    };
    const pool = await team({ eventBus });
    const signal = AbortSignal.abort();
    signal.addEventListener = () => void (listeners += 1);
    expect(await pool.subscribe({}, { signal })[Symbol.asyncIterator]().next()).toEqual(DONE);
    await settle();
    expect([asked, listeners]).toEqual([0, 0]);
    await pool.close();
  });

  it("is over for whoever hears of that first, and reads on", async () => {
    const pool = await team();
    const abort = new AbortController();
    const later: Promise<unknown>[] = [];
    // The reading has not begun yet, so this listener comes before its own.
    abort.signal.addEventListener("abort", () => later.push(begun.next(), begun.next()));
    const begun = pool.watchPool(undefined, { signal: abort.signal })[Symbol.asyncIterator]();
    await begun.next();
    abort.abort();
    expect(await Promise.all(later)).toEqual([DONE, DONE]);
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
  });
});

import { reading } from "./memory-reading.js";

import { expect, it } from "vitest";

import { OUTLINE, team } from "../behaviour/support.js";

const SENDS = 4_000;

/** The bytes by which the wasm memory grows while messages are sent whose events are read, or are not. */
async function growth(isRead: boolean): Promise<number> {
  const pool = await team({ journal: () => undefined, eventBus: () => undefined });
  const kinds = isRead ? (["run_message_accepted", "run_message_delivered"] as const) : (["run_failed"] as const);
  const events = pool.subscribe({ kinds })[Symbol.asyncIterator]();
  const before = await reading();
  let read = isRead ? 0 : 2 * SENDS;
  for (let sent = 0; sent < SENDS; sent += 1) {
    await pool.send({ ...OUTLINE, message_id: `message.${sent}` });
    for (; read < 2 * (sent + 1); read += 1) await events.next();
  }
  const after = await reading();
  await events.return();
  await pool.close();
  return after.memory - before.memory;
}

it("an event that was read takes no more memory than one that was not", async () => {
  const unread = await growth(false);
  expect(unread).toBeGreaterThan(SENDS * 300);
  // The second pool gets the memory of the first.
  expect(await growth(true)).toBeLessThan(unread / 2);
});

import type { EventFrame } from "agent-pool";
import type { Locator } from "playwright";
import { expect, it } from "vitest";

import { lists, open, says, seen, send, verdict } from "./support.js";

it("a subscription gives what was there, and then what comes", async () => {
  const { page } = await open();
  await send(page, "a run", "run.writer-1");
  await page.getByLabel("Subscribe to").selectOption("messages");
  await lists(seen(page), ["run_message_accepted", "run_message_delivered"]);
  await send(page, "a run", "run.nobody");
  await lists(seen(page), ["run_message_accepted", "run_message_delivered", "run_message_failed"]);
  await page.getByLabel("Subscribe to").selectOption("wakes");
  await lists(seen(page), []);
  const empty = page.getByText("No such events of present members.");
  await empty.waitFor();
  await page.getByRole("button", { name: "Suspend" }).click();
  await lists(seen(page), ["wake_condition_registered"]);
  expect(await empty.isVisible()).toBe(false);
});

it("a row opens to the whole frame, and to the whole record", async () => {
  const { page } = await open();
  const whole = async (row: Locator): Promise<unknown> => {
    await row.locator("summary").press("Enter");
    await says(row.locator("pre"), /\S/);
    return JSON.parse((await row.locator("pre").textContent()) ?? "");
  };
  const frame = (await whole(page.locator("#event-rows li").first())) as EventFrame;
  expect(frame.event.envelope).toMatchObject({ event_kind: "agent_pool_created", journal_cursor: "line.1" });
  const record = await whole(page.locator("#journal-rows li").last());
  expect(record).toMatchObject({ journal_seq: 5, payload: { lifecycle_status: "run_joined" } });
});

it("the newest event is in view, unless someone reads further up", async () => {
  const { page } = await open();
  const rows = page.locator("#event-rows");
  const below = (): Promise<number> => rows.evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight);
  for (let sent = 1; sent <= 8; sent += 1) {
    await send(page, "a run", "run.writer-1");
    await says(verdict(page), new RegExp(`message\\.${sent} `));
  }
  await expect.poll(() => seen(page).count()).toBe(21);
  await expect.poll(below).toBeLessThan(2);
  await rows.evaluate((list) => list.scrollTo(0, 0));
  await send(page, "a run", "run.writer-1");
  await expect.poll(() => seen(page).count()).toBe(23);
  expect(await rows.evaluate((list) => list.scrollTop)).toBe(0);
});

it("a subscriber sees what members do: a joiner comes into sight, and a run that left is out of it", async () => {
  const { page } = await open();
  const subjects = page.locator("#event-rows .detail");
  const team = ["run.planner", "run.planner", "run.reviewer", "run.writer-1", "run.writer-2"];
  await lists(subjects, team);
  await page.getByRole("button", { name: "Leave: run.writer-2" }).click();
  await page.getByRole("button", { name: "Join" }).click();
  await lists(subjects, [...team, "run.critic"]);
  await page.getByLabel("Subscribe to").selectOption("membership");
  await lists(subjects, ["run.planner", "run.planner", "run.reviewer", "run.writer-1", "run.critic"]);
});

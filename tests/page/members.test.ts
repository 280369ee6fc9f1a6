import type { Page } from "playwright";
import { expect, it } from "vitest";

import { lists, open, reach, says, send, verdict } from "./support.js";

const MARKUP = `<img src="x" onerror="document.title='taken'">`;

async function join(page: Page, run: string, agent: string, topics: string): Promise<void> {
  await page.getByLabel("Run", { exact: true }).fill(run);
  await page.getByLabel("Agent", { exact: true }).fill(agent);
  await page.getByLabel(/^Topics/).fill(topics);
  await page.getByRole("button", { name: "Join" }).click();
}

it("a run that joins is listed, offered as an address, and reached under its topics", async () => {
  const { page } = await open();
  await join(page, "run.critic", "agent.critic", "topic.reviews, topic.drafts");
  await says(verdict(page), "joined run.critic is a member");
  const first = page.locator("#member-list li").first();
  await says(first, /^run\.criticagent\.critic ?listens to topic\.reviews, topic\.drafts/);
  await send(page, "a topic", "topic.reviews");
  await says(verdict(page), "delivered message.1 reached run.critic");
});

it("a run that leaves is no longer listed nor reached, and the focus goes to its neighbour", async () => {
  const { page } = await open();
  const leave = page.getByRole("button", { name: "Leave: run.writer-1" });
  await leave.focus();
  await page.keyboard.press("Enter");
  await says(verdict(page), "left run.writer-1 is no longer a member");
  await lists(page.locator("#member-list strong"), ["run.planner", "run.reviewer", "run.writer-2"]);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Leave: run.writer-2");
  await send(page, "an agent", "agent.writer");
  await says(verdict(page), "delivered message.1 reached run.writer-2");
});

it("the last run to leave gives the focus to the form to join, and the list says that it is empty", async () => {
  const { page } = await open();
  const empty = page.getByText("Nobody is a member.");
  expect(await empty.isVisible()).toBe(false);
  for (const left of [3, 2, 1, 0]) {
    await page.getByRole("button", { name: /^Leave/ }).first().press("Enter");
    await expect.poll(() => page.locator("#member-list li").count()).toBe(left);
  }
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("join-run");
  expect(await empty.isVisible()).toBe(true);
});

it("ids with markup in them stay text, wherever they are shown", async () => {
  const { page } = await open();
  await join(page, MARKUP, MARKUP, MARKUP);
  await says(verdict(page), `joined ${MARKUP} is a member`);
  await send(page, "a topic", MARKUP, MARKUP);
  await says(verdict(page), `delivered message.1 reached ${MARKUP}`);
  await says(reach(page).first(), /it listens to <img/);
  await page.getByLabel("Run that waits", { exact: true }).selectOption(MARKUP);
  await page.getByLabel("Until this run", { exact: true }).selectOption(MARKUP);
  await page.getByRole("button", { name: "Suspend" }).click();
  await says(page.locator("#wake-list li"), /<img/);
  for (const details of await page.locator("details > summary").all()) await details.click();
  expect(await page.locator("main img").count()).toBe(0);
  expect(await page.title()).toBe("Agent Pool playground");
});

it("what was typed for a run that could not join stays, to be tried again", async () => {
  const { page } = await open();
  const refuses = page.getByLabel("refuse records");
  await refuses.check();
  await join(page, "run.critic", "agent.critic", "topic.reviews");
  await says(verdict(page), /journal_rejected/);
  expect(await page.getByLabel(/^Topics/).inputValue()).toBe("topic.reviews");
  await refuses.uncheck();
  await page.getByRole("button", { name: "Join" }).click();
  await says(verdict(page), "joined run.critic is a member");
  await expect.poll(() => page.getByLabel(/^Topics/).inputValue()).toBe("");
});

it("a run that was chosen and leaves stays chosen, and nobody takes its place unseen", async () => {
  const { page } = await open();
  await send(page, "a run", "run.writer-1");
  await says(verdict(page), "delivered message.1 reached run.writer-1");
  await page.getByRole("button", { name: "Leave: run.writer-1" }).click();
  await says(verdict(page), "left run.writer-1 is no longer a member");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await says(verdict(page), /^failed message\.2/);
});

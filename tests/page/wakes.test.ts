import { describe, expect, it } from "vitest";

import { choose, journaled, open, says, send, verdict } from "./support.js";

describe("a wake", () => {
  it("is registered, and triggered by the message it waits for", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(verdict(page), "registered run.planner waits for wake.1");
    const wake = page.locator("#wake-list li");
    await says(wake, /^wake\.1registered.*waits for run\.reviewer to deliver a message/);
    await says(page.locator("#member-list li").first(), /^run\.plannerwaits/);
    await send(page, "a run", "run.writer-1", "run.writer-2");
    await says(verdict(page), /^delivered/);
    await says(wake, /registered/);
    await send(page, "a run", "run.planner", "run.reviewer");
    await says(wake, /^wake\.1triggered.*woken by event\.agent_pool\.pool\.playground\.10/);
    await expect.poll(() => journaled(page).last().textContent()).toBe("triggered");
  });

  it("is triggered at once by what the bus already has", async () => {
    const { page } = await open();
    await send(page, "a run", "run.planner", "run.reviewer");
    await says(verdict(page), /^delivered/);
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(verdict(page), /^triggered run\.planner goes on after wake\.1: woken by event\./);
  });

  it("is polled, which finds that its time is over", async () => {
    const { page } = await open();
    await page.getByLabel("Timeout").fill("0.001");
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(verdict(page), /^registered/);
    await expect
      .poll(async () => {
        await page.getByRole("button", { name: "Poll wake.1" }).click();
        return verdict(page).textContent();
      })
      .toBe("timed out run.planner waited for wake.1 until its timeout");
    await says(page.locator("#wake-list .chip"), "timed out");
  });

  it("is cancelled, and stays so", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Suspend" }).click();
    await page.getByRole("button", { name: "Cancel wake.1" }).click();
    await says(verdict(page), "cancelled run.planner no longer waits for wake.1");
    await send(page, "a run", "run.planner", "run.reviewer");
    await says(verdict(page), /^delivered/);
    await page.getByRole("button", { name: "Poll wake.1" }).click();
    await says(verdict(page), "cancelled run.planner no longer waits for wake.1");
  });

  it("may wait for a run to leave, of any member", async () => {
    const { page } = await open();
    await page.getByLabel("Until this run", { exact: true }).selectOption("any member");
    await page.getByLabel("Does this").selectOption("leaves the pool");
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(page.locator("#wake-list li"), /waits for any member to leave/);
    await page.getByRole("button", { name: "Leave: run.writer-2" }).click();
    await says(page.locator("#wake-list .chip"), "triggered");
  });

  it("of a run that is no member is an error", async () => {
    const { page } = await open();
    const form = page.getByRole("form", { name: "Suspend a run" });
    await choose(form, "Run that waits", "run.stranger");
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(verdict(page), /^not_a_member /);
    expect(await page.locator("#wake-list li").count()).toBe(0);
  });
});

import { describe, expect, it } from "vitest";

import { choose, concerned, journaled, lists, open, says, send, verdict } from "./support.js";

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
    await says(wake, /^wake\.1triggered.*woken by message\.2 of run\.reviewer$/);
    await expect.poll(() => journaled(page).last().textContent()).toBe("triggered");
  });

  it("is triggered at once by what the bus already has", async () => {
    const { page } = await open();
    await send(page, "a run", "run.planner", "run.reviewer");
    await says(verdict(page), /^delivered/);
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(verdict(page), "triggered run.planner goes on after wake.1: woken by message.1 of run.reviewer");
  });

  it("whose time is over is overdue, as its run is, and says that Poll ends it, and that does", async () => {
    const { page } = await open();
    const wakes = page.locator("#wake-list li");
    const marks = page.locator("#member-list li .chip");
    await page.getByLabel("Timeout").fill("1000");
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(wakes.last(), /^wake\.1registered.* to deliver a message/);
    await lists(marks, ["waits"]);
    await page.getByLabel("Timeout").fill("1");
    await page.getByRole("button", { name: "Suspend" }).click();
    // Nothing is done meanwhile: the page itself notices.
    await says(wakes.last(), /^wake\.2overdue.*its time is over; Poll ends it/);
    await lists(marks, ["waits", "overdue"]);
    await page.getByRole("button", { name: "Poll wake.2" }).click();
    await says(verdict(page), "timed out run.planner waited for wake.2 until its timeout");
    await says(wakes.last(), /^wake\.2timed out.* to deliver a message$/);
    await says(wakes.first(), /^wake\.1registered.* to deliver a messagePollCancel$/);
    await lists(marks, ["waits"]);
  });

  it("is cancelled, and stays so", async () => {
    const { page } = await open();
    const wake = page.locator("#wake-list li");
    await page.getByRole("button", { name: "Suspend" }).click();
    await page.getByRole("button", { name: "Cancel wake.1" }).click();
    await says(verdict(page), "cancelled run.planner no longer waits for wake.1");
    await send(page, "a run", "run.planner", "run.reviewer");
    await says(verdict(page), /^delivered/);
    await says(wake, /^wake\.1cancelled.* to deliver a message$/);
  });

  it("that has ended offers nothing more, and keeps the focus that its button had", async () => {
    const { page } = await open();
    const wake = page.locator("#wake-list li");
    await page.getByRole("button", { name: "Suspend" }).click();
    await page.getByRole("button", { name: "Cancel wake.1" }).press("Enter");
    await says(wake.locator(".chip"), "cancelled");
    expect(await wake.getByRole("button").count()).toBe(0);
    expect(await wake.evaluate((row) => row === document.activeElement)).toBe(true);
  });

  it("may wait for a run to leave, of any member", async () => {
    const { page } = await open();
    await page.getByLabel("Until this run", { exact: true }).selectOption("any member");
    await page.getByLabel("Does this").selectOption("leaves the pool");
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(page.locator("#wake-list li"), /waits for any member to leave/);
    await page.getByRole("button", { name: "Leave: run.writer-2" }).click();
    await says(page.locator("#wake-list li"), /^wake\.1triggered.*woken by run\.writer-2, which left$/);
  });

  it("of a run that is no member is an error", async () => {
    const { page } = await open();
    const form = page.getByRole("form", { name: "Suspend a run" });
    await choose(form, "Run that waits", "run.stranger");
    await page.getByRole("button", { name: "Suspend" }).click();
    await says(verdict(page), /^not_a_member /);
    await says(concerned(page), "the run run.stranger and the wake wake.1");
    expect(await page.locator("#wake-list li").count()).toBe(0);
  });
});

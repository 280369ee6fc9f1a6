import { describe, expect, it } from "vitest";

import {
  concerned,
  journaled,
  lists,
  open,
  reach,
  says,
  seen,
  send,
  trail,
  verdict,
  type AddressKind,
} from "./support.js";

describe("a message", () => {
  it("is sent by the first click, to both writers", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await says(verdict(page), "delivered message.1 reached run.writer-1 and run.writer-2");
    await lists(page.locator("#member-list li:has(.chip.good) strong"), ["run.writer-1", "run.writer-2"]);
  });

  it.each<[AddressKind, string, string, string, string]>([
    ["a run", "run.reviewer", "run.reviewer", "run.reviewer", "it is the run addressed"],
    ["an agent", "agent.writer", "run.writer-1 and run.writer-2", "run.writer-2", "it is a run of agent.writer"],
    ["a topic", "topic.drafts", "run.reviewer and run.writer-1", "run.writer-2", "it does not listen to topic.drafts"],
    [
      "the pool",
      "pool.playground",
      "run.reviewer, run.writer-1 and run.writer-2",
      "run.planner",
      "it is the sender, and a broadcast leaves out its sender",
    ],
  ])("to %s %s reaches whom it addresses, and the page says why", async (kind, to, reached, run, reason) => {
    const { page } = await open();
    await send(page, kind, to);
    await says(verdict(page), `delivered message.1 reached ${reached}`);
    await says(reach(page).filter({ has: page.locator("code", { hasText: run }) }).locator("span").last(), reason);
    expect(await reach(page).count()).toBe(4);
  });

  it.each<[AddressKind, string]>([
    ["a run", "run.nobody"],
    ["an agent", "agent.nobody"],
    ["a topic", "topic.unheard"],
    ["the pool", "pool.elsewhere"],
  ])("to %s that nobody answers to reaches nobody, and is a receipt, not an error", async (kind, to) => {
    const { page } = await open();
    await send(page, kind, to);
    await says(verdict(page), "failed message.1 reached nobody");
    await lists(page.locator(".reach .mark"), Array<string>(4).fill("not reached"));
    await lists(trail(page), ["line.6run_message_failedevent 6"]);
  });

  it("reaches only those who hold its policies", async () => {
    const { page } = await open();
    await page.getByLabel("Policies its receivers must hold").fill("policy.confidential");
    await send(page, "the pool", "pool.playground");
    await says(verdict(page), "delivered message.1 reached run.reviewer");
    await says(reach(page).filter({ hasText: "run.writer-1" }), /it does not hold policy\.confidential$/);
  });

  it("is in the journal before it is on the bus, record by record", async () => {
    const { page } = await open();
    await send(page, "a run", "run.reviewer");
    await lists(trail(page), ["line.6run_message_acceptedevent 6", "line.7run_message_deliveredevent 7"]);
    await expect.poll(() => journaled(page).count()).toBe(7);
    expect((await journaled(page).allTextContents()).slice(5)).toEqual(["accepted", "delivered"]);
    await expect.poll(() => seen(page).allTextContents()).toContain("run_message_delivered");
  });

  it("sent again under its id is answered with its receipt, and nothing new is recorded", async () => {
    const { page } = await open();
    await send(page, "a run", "run.reviewer");
    await says(verdict(page), "delivered message.1 reached run.reviewer");
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("Nothing new: the answer was known.").waitFor();
    expect(await journaled(page).count()).toBe(7);
  });

  it("is sent again as it was, whatever the form says by now, and the page says so", async () => {
    const { page } = await open();
    const again = page.getByRole("button", { name: "Send again" });
    const hint = page.locator("#again-hint");
    await says(hint, "");
    expect(await again.isDisabled()).toBe(true);
    await send(page, "a run", "run.reviewer");
    await says(hint, "Send again repeats message.1 as it was sent, as a retry does.");
    await page.getByLabel("Content reference").fill("content.changed");
    await again.click();
    await page.getByText("Nothing new: the answer was known.").waitFor();
    await page.getByText("The call").click();
    await page.getByText('"content_ref": "content.outline"').waitFor();
    await send(page, "a run", "run.writer-1");
    await says(hint, "Send again repeats message.2 as it was sent, as a retry does.");
  });
});

it("keeps the call open and focused when later events of it come", async () => {
  const { page } = await open();
  await page.getByLabel("refuse frames").check();
  await send(page, "a run", "run.writer-1");
  const call = page.getByText("The call");
  await call.click();
  await page.getByLabel("refuse frames").evaluate((box: HTMLInputElement) => box.click());
  await expect.poll(() => page.locator(".trail .late").count(), { timeout: 10_000 }).toBe(0);
  expect(await page.locator("#why details").getAttribute("open")).toBe("");
  expect(await call.evaluate((summary) => summary === document.activeElement)).toBe(true);
});

describe("an error", () => {
  it("of the pool is shown with its code, and with whom and what it is about", async () => {
    const { page } = await open();
    await send(page, "a run", "run.writer-1", "run.stranger");
    await says(verdict(page), /^sender_not_member /);
    await says(concerned(page), "the run run.stranger and the message message.1");
    await page.getByText("Nothing: it did not happen.").waitFor();
  });

  it("of malformed input names the place", async () => {
    const { page } = await open();
    await page.getByLabel("Content reference").fill("content\u0007");
    await send(page, "a run", "run.writer-1");
    await says(verdict(page), /^invalid_input message\.content_ref: /);
    expect(await concerned(page).count()).toBe(0);
  });

  it("of the journal is shown with what the journal threw, and sending again finishes the message", async () => {
    const { page } = await open();
    const refuses = page.getByRole("checkbox", { name: "refuse records" });
    await refuses.check();
    await send(page, "a run", "run.writer-1");
    await says(verdict(page), /^journal_rejected /);
    await page.getByText("Error: this page's journal was told to refuse records").waitFor();
    expect(await journaled(page).count()).toBe(5);
    await refuses.uncheck();
    await page.getByRole("button", { name: "Send again" }).click();
    await says(verdict(page), "delivered message.1 reached run.writer-1");
  });

  it("of the bus leaves the event first in line, and stops what comes next until the bus takes it", async () => {
    const { page } = await open();
    const refuses = page.getByRole("checkbox", { name: "refuse frames" });
    await refuses.check();
    await send(page, "a run", "run.writer-1");
    const waiting = ["line.6run_message_acceptedwaits for the bus", "line.7run_message_deliveredwaits for the bus"];
    await lists(trail(page), waiting);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await says(verdict(page), /^event_bus_rejected /);
    expect(await journaled(page).count()).toBe(7);
    await refuses.uncheck();
    await page.getByRole("button", { name: "Send again" }).click();
    await says(verdict(page), "delivered message.2 reached run.writer-1");
    await expect.poll(() => seen(page).count()).toBe(9);
  });

  it("of the bus ends for what waits once it takes frames again, and until then the page explains", async () => {
    const { page } = await open();
    const refuses = page.getByRole("checkbox", { name: "refuse frames" });
    const hint = page.getByText(/^The first event that waits is tried again with the next call/);
    await refuses.check();
    await send(page, "a run", "run.writer-1");
    await hint.waitFor();
    expect((await seen(page).allTextContents()).slice(5)).toEqual(["run_message_accepted"]);
    await refuses.uncheck();
    await lists(trail(page), ["line.6run_message_acceptedevent 6", "line.7run_message_deliveredevent 7"]);
    await says(verdict(page), "delivered message.1 reached run.writer-1");
    expect(await hint.count()).toBe(0);
    await expect.poll(() => seen(page).count()).toBe(7);
  });
});

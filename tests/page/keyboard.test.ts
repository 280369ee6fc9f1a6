import type { Page } from "playwright";
import { expect, it } from "vitest";

import { lists, open, says, seen, verdict } from "./support.js";

/** The accessible name of the element with the focus, and whether the focus is visible. */
async function focused(page: Page): Promise<{ name: string; isVisible: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    // Between the last and the first element, nothing in the page has the focus.
    if (element === document.body) return { name: "", isVisible: true };
    const labels = (element as HTMLInputElement).labels ?? [];
    const labelledBy = document.getElementById(element.getAttribute("aria-labelledby") ?? "");
    const name =
      element.getAttribute("aria-label") ?? labelledBy?.textContent ?? labels[0]?.textContent ?? element.textContent;
    const rings = [element, ...labels].map((ringed) => getComputedStyle(ringed).outlineStyle);
    return { name: (name ?? "").replace(/\s+/g, " ").trim(), isVisible: rings.some((style) => style !== "none") };
  });
}

/** Presses the Tab key until an element with this name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let stops = 0; stops < 100; stops += 1) {
    await page.keyboard.press("Tab");
    const { name: found, isVisible } = await focused(page);
    expect(isVisible, `the focus on ${found} is visible`).toBe(true);
    if (typeof name === "string" ? found === name : name.test(found)) return;
  }
  throw new Error(`the Tab key does not come to ${name}`);
}

it("the whole way can be gone with the keyboard: wait, poll, send, be woken, watch", async () => {
  const { page } = await open();
  await tabTo(page, "Run that waits");
  await tabTo(page, "Suspend");
  await page.keyboard.press("Enter");
  await says(verdict(page), /^registered/);

  await tabTo(page, "Poll wake.1");
  await page.keyboard.press("Space");
  await page.getByText("Nothing new: the answer was known.").waitFor();

  await tabTo(page, "Skip to sending a message");
  await page.keyboard.press("Enter");
  await tabTo(page, "From");
  await page.keyboard.type("run.reviewer");
  await tabTo(page, "an agent");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await tabTo(page, "Which pool");
  await tabTo(page, "Content reference");
  await page.keyboard.type("content.review");
  await page.keyboard.press("Enter");
  await says(verdict(page), /^delivered message\.1 reached run\.planner, /);

  await says(page.locator("#wake-list li"), /^wake\.1triggered/);

  await tabTo(page, /^Subscribe to/);
  await page.keyboard.type("wakes");
  await lists(seen(page), ["wake_condition_registered", "wake_condition_triggered"]);
  await tabTo(page, /^Events/);
  await tabTo(page, /wake_condition_registered/);
  await page.keyboard.press("Enter");
  await says(page.locator("#event-rows pre").first(), /"event_kind": "wake_condition_registered"/);
});

it("the button that starts over keeps the focus, and a page that is loaded anew begins at its top", async () => {
  const { page } = await open();
  await page.getByRole("link", { name: "Skip to sending a message" }).press("Enter");
  await page.getByRole("button", { name: "Leave: run.planner" }).click();
  await says(verdict(page), /^left/);
  await page.getByRole("button", { name: "Start over" }).press("Enter");
  await says(page.locator("#verdict"), /^Nothing yet/);
  await page.getByText("pool.playground is open").waitFor();
  expect(await focused(page)).toEqual({ name: "Start over", isVisible: true });
  await page.reload();
  await page.getByText("pool.playground is open").waitFor();
  expect((await focused(page)).name).toBe("");
});

it("a run joins by the keyboard, and the form is ready for the next one", async () => {
  const { page } = await open();
  await tabTo(page, "Run");
  await page.keyboard.type("run.critic");
  await tabTo(page, "Agent");
  await page.keyboard.type("agent.critic");
  await page.keyboard.press("Enter");
  await says(verdict(page), "joined run.critic is a member");
  expect((await focused(page)).name).toBe("Run");
});

import type { BrowserContextOptions, Locator, Page } from "playwright";
import { describe, expect, it } from "vitest";

import { open, says, verdict } from "./support.js";

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 700 }, hasTouch: true };

/** Whether nothing of an element is scrolled out of sight. */
async function isInSight(element: Locator): Promise<boolean> {
  return element.evaluate((shown) => {
    const { top, bottom } = shown.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
}

/** Presses a button after scrolling to it. */
async function press(page: Page, name: string): Promise<Locator> {
  const button = page.getByRole("button", { name, exact: true });
  await button.focus();
  await button.evaluate((element) => element.scrollIntoView({ block: "end", behavior: "instant" }));
  await button.tap();
  return button;
}

describe.each(["no-preference", "reduce"] as const)("on a phone (reduced motion: %s)", (reducedMotion) => {
  it("what happened comes into sight after each call, and the focus stays where it was", async () => {
    const { page } = await open({ ...PHONE, reducedMotion });
    expect(await isInSight(verdict(page))).toBe(false);
    const calls = { Send: /^delivered/, Suspend: /^registered/, "Poll wake.1": /^registered/ };
    for (const [name, answer] of Object.entries(calls)) {
      const button = await press(page, name);
      await says(verdict(page), answer);
      await expect.poll(() => isInSight(verdict(page)), { message: name }).toBe(true);
      expect(await button.evaluate((element) => element === document.activeElement), name).toBe(true);
    }
  });
});

it("where there are columns, the page stays as it is scrolled", async () => {
  const { page } = await open({ viewport: { width: 1440, height: 300 }, hasTouch: true });
  await press(page, "Suspend");
  const before = await page.evaluate(() => scrollY);
  await says(verdict(page), /^registered/);
  expect(before).toBeGreaterThan(0);
  expect(await page.evaluate(() => scrollY)).toBeGreaterThanOrEqual(before);
});

import type { BrowserContextOptions, Locator, Page } from "playwright";
import { describe, expect, it } from "vitest";

import { open, says, send, verdict } from "./support.js";

const UPRIGHT: BrowserContextOptions = { viewport: { width: 390, height: 700 }, hasTouch: true };
const LYING: BrowserContextOptions = { viewport: { width: 844, height: 390 }, hasTouch: true };

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

describe.each([
  ["upright", UPRIGHT],
  ["lying", LYING],
  ["with less motion", { ...UPRIGHT, reducedMotion: "reduce" }],
] as const)("on a phone, %s,", (_, phone) => {
  it("what happened comes into sight after each call, and the focus stays where it was", async () => {
    const { page } = await open(phone);
    expect(await isInSight(verdict(page))).toBe(false);
    const calls = { Send: /^delivered/, Suspend: /^registered/, "Poll wake.1": /^registered/ };
    for (const [name, answer] of Object.entries(calls)) {
      const button = await press(page, name);
      await says(verdict(page), answer);
      await expect.poll(() => isInSight(verdict(page)), { message: name }).toBe(true);
      expect(await button.evaluate((element) => element === document.activeElement), name).toBe(true);
    }
    // Here the focus has to go elsewhere, since the button is gone.
    await press(page, "Leave: run.reviewer");
    await says(verdict(page), /^left/);
    await expect.poll(() => isInSight(verdict(page)), { message: "Leave" }).toBe(true);
  });
});

it("on a large screen, the page stays as it is scrolled", async () => {
  const { page } = await open({ viewport: { width: 1440, height: 600 }, hasTouch: true });
  await press(page, "Suspend");
  const before = await page.evaluate(() => scrollY);
  await says(verdict(page), /^registered/);
  expect(before).toBeGreaterThan(0);
  expect(await page.evaluate(() => scrollY)).toBeGreaterThanOrEqual(before);
});

it("no choice is cut off, no label takes two lines and no word is broken, on a phone or a desktop", async () => {
  const { page } = await open({});
  await page.getByRole("button", { name: "Suspend" }).click();
  await send(page, "a run", "run.planner", "run.reviewer");
  await says(page.locator("#wake-list li"), /^wake\.1triggered/);
  for (const width of [360, 390, 800, 1240, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(spoiltTexts), `at ${width}`).toEqual([]);
  }
});

it("labels side by side stay in line when a field for another id opens below one of them", async () => {
  const { page } = await open({ viewport: { width: 1440, height: 900 } });
  const form = page.getByRole("form", { name: "Suspend a run" });
  const tops = async (): Promise<number[]> =>
    form.locator(".field label").evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().top));
  for (const name of ["Run that waits", "Until this run"]) {
    await form.getByLabel(name, { exact: true }).selectOption("another run…");
    const [run, of, kind, timeout] = await tops();
    expect([of, timeout], name).toEqual([run, kind]);
    await form.getByLabel(name, { exact: true }).selectOption("run.planner");
  }
});

/** The choices, labels and words of the page that do not fit in their places. Runs in the page. */
function spoiltTexts(): string[] {
  const visible = <Type extends Element>(selector: string): Type[] =>
    [...document.querySelectorAll<Type>(selector)].filter((element) => element.checkVisibility());
  const takesTwoLines = (start: readonly [Node, number], end: readonly [Node, number]): boolean => {
    const range = document.createRange();
    range.setStart(...start);
    range.setEnd(...end);
    return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom))).size > 1;
  };
  const isCut = (select: HTMLSelectElement): boolean => {
    const { font, fontSize, paddingLeft, paddingRight } = getComputedStyle(select);
    const context = document.createElement("canvas").getContext("2d")!;
    context.font = font;
    // The arrow is about as wide as the text is high.
    const taken = [paddingLeft, paddingRight, fontSize].reduce((sum, length) => sum + parseFloat(length), 0);
    return [...select.options].some(({ text }) => context.measureText(text).width > select.clientWidth - taken);
  };
  const brokenWords = (text: Text): string[] =>
    [...text.data.matchAll(/[A-Za-z]+/g)]
      .filter(({ index, 0: word }) => takesTwoLines([text, index], [text, index + word.length]))
      .map(([word]) => word);
  const texts = visible("main *").flatMap(({ childNodes }) => [...childNodes].filter((node) => node instanceof Text));
  const choices = visible<HTMLSelectElement>("select").filter(isCut);
  const labels = visible(".field label").filter((label) => takesTwoLines([label, 0], [label, label.childNodes.length]));
  return [...choices.map(({ id }) => id), ...labels.map((label) => label.textContent), ...texts.flatMap(brokenWords)];
}

import type { Page } from "playwright";
import { describe, expect, it } from "vitest";

import { open, says, send, verdict } from "./support.js";

/** Makes the page show everything that it can show. */
async function fill(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByLabel("Policies its receivers must hold").fill("policy.confidential");
  await send(page, "the pool", "pool.playground", "run.reviewer");
  await says(verdict(page), /^delivered/);
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  await says(page.locator("#event-rows pre").last(), /\S/);
}

describe("everything that can be used", () => {
  it("has a name, and no two elements have one id", async () => {
    const { page } = await open();
    await fill(page);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("a, button, input, select, summary, [tabindex='0']")]
        .filter((element) => {
          const labels = [...((element as HTMLInputElement).labels ?? [])];
          const labelledBy = document.getElementById(element.getAttribute("aria-labelledby") ?? "");
          const given = [element.ariaLabel, labelledBy?.textContent, ...labels.map((label) => label.textContent)];
          const isField = element.matches("input, select");
          return ![...given, isField ? "" : element.textContent].some((name) => (name ?? "").trim() !== "");
        })
        .map((element) => element.outerHTML),
    );
    expect(nameless).toEqual([]);
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((element) => element.id));
    expect(ids).toEqual([...new Set(ids)]);
  });

  it("is named after what is asked for, also where an id is typed", async () => {
    const { page } = await open();
    // Without members, an id can only be typed.
    for (const left of [3, 2, 1, 0]) {
      await page.getByRole("button", { name: /^Leave/ }).first().click();
      await expect.poll(() => page.locator("#member-list li").count()).toBe(left);
    }
    const form = page.getByRole("form", { name: "Send a message" });
    for (const [kind, name] of Object.entries({ "a topic": "Which topic", "a run": "Which run" })) {
      await form.getByRole("radio", { name: kind }).check();
      await form.getByRole("combobox", { name, exact: true }).waitFor();
      await form.getByRole("textbox", { name: `${name}: another id`, exact: true }).waitFor();
    }
    for (const name of ["From", "Run that waits"]) {
      await page.getByRole("textbox", { name: `${name}: another id`, exact: true }).waitFor();
    }
  });

  it("is in named groups, and in lists that keep their role in Safari, which takes it with the marks", async () => {
    const { page } = await open();
    await fill(page);
    expect(await page.locator(":is(ul, ol):not([role=list])").count()).toBe(0);
    for (const name of [/^Members/, /^Wakes/, /^Journal/, /^Events/]) {
      expect(await page.getByRole("list", { name }).count(), String(name)).toBe(1);
    }
    const fieldsets = page.getByRole("group").and(page.locator("fieldset"));
    expect(await fieldsets.count()).toBe(1);
    expect(await fieldsets.and(page.getByRole("group", { name: "To", exact: true })).count()).toBe(1);
  });

  it("is told of what comes: the outcome and the events are live regions", async () => {
    const { page } = await open();
    await expect.poll(() => page.getByRole("status").count()).toBe(2);
    expect(await page.getByRole("log", { name: /^Events/ }).count()).toBe(1);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
  });
});

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
  it("every text stands out from what is behind it (WCAG 2.2, 1.4.3: 4.5 to 1)", async () => {
    const { page } = await open({ colorScheme });
    await fill(page);
    await page.mouse.move(0, 0);
    expect(await page.evaluate(faintTexts)).toEqual([]);
  });
});

it("nothing is scrolled sideways nor sticks out of its card, from 320 pixels on (WCAG 2.2, 1.4.10)", async () => {
  const { page } = await open({});
  await fill(page);
  for (const width of [320, 360, 480, 768, 1000, 1216, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    const tooWide = await page.evaluate(() =>
      [...document.querySelectorAll("html, .card")]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ id, tagName }) => id || tagName),
    );
    expect(tooWide, `at ${width}`).toEqual([]);
  }
});

it("whatever can be pressed is large enough to be hit (WCAG 2.2, 2.5.8: 24 by 24 pixels)", async () => {
  const { page } = await open({});
  await fill(page);
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    const tooSmall = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select, summary")]
        .filter((element) => element.checkVisibility())
        // A label around a field is pressed for it.
        .map((element) => element.closest("label") ?? element)
        .map((target) => ({ target, box: target.getBoundingClientRect() }))
        .filter(({ box }) => Math.min(box.width, box.height) < 24)
        .map(({ target, box }) => `${target.textContent}: ${box.width} by ${box.height}`),
    );
    expect(tooSmall, `at ${width}`).toEqual([]);
  }
});

/** The texts of the page whose contrast is too low, each with its contrast. Runs in the page. */
function faintTexts(): string[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const colour = (text: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const behind = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const found = colour(getComputedStyle(element).backgroundColor);
    return found[3] === 1 ? found : behind(element.parentElement);
  };
  const luminance = ([red, green, blue]: Colour): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll<HTMLElement>("body *:not(:disabled)")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
    .filter((element) => element.checkVisibility() && !element.matches("option, noscript *, noscript"))
    .map((element) => {
      const [one, other] = [colour(getComputedStyle(element).color), behind(element)].map(luminance);
      const [light, dark] = [Math.max(one ?? 0, other ?? 0), Math.min(one ?? 0, other ?? 0)];
      return { element, contrast: (light + 0.05) / (dark + 0.05) };
    })
    .filter(({ contrast }) => contrast < 4.5)
    .map(({ element, contrast }) => `${element.textContent}: ${contrast.toFixed(2)}`);
}

import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type ConsoleMessage,
  type Locator,
  type Page,
  type Response,
} from "playwright";
import { afterAll, beforeAll, expect, inject, onTestFinished } from "vitest";

let browser: Browser;
let shared: Page;
beforeAll(async () => {
  browser = await chromium.connect(inject("browserAddress"));
  shared = await newPage();
});
afterAll(() => browser.close());

/** A page that was opened for a test. */
export interface Opened {
  readonly page: Page;
  /** The responses that the page has got so far. */
  readonly responses: readonly Response[];
  /** The faults of the page so far: errors, and everything that it wrote to the console. */
  readonly complaints: readonly string[];
}

/**
 * Opens the page anew for the running test, and checks at the end of the test that there were no faults. Tests without
 * special options share one tab, one after the other: this is quick, and loading the page resets everything.
 */
export async function open(options?: BrowserContextOptions): Promise<Opened> {
  const opened = await load(options === undefined ? shared : await newPage(options));
  await opened.page.getByText("pool.playground is open").waitFor();
  onTestFinished(() => expect(opened.complaints).toEqual([]));
  return opened;
}

/** A tab of its own. It is closed with the browser, at the end of the test file. */
export async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(10_000);
  return page;
}

/** Loads the page in this tab. */
export async function load(page: Page): Promise<Opened> {
  const responses: Response[] = [];
  const complaints: string[] = [];
  const heard = (response: Response): unknown => responses.push(response);
  const wrote = (message: ConsoleMessage): unknown => complaints.push(message.text());
  const failed = (error: Error): unknown => complaints.push(error.message);
  page.on("response", heard).on("console", wrote).on("pageerror", failed);
  onTestFinished(() => void page.off("response", heard).off("console", wrote).off("pageerror", failed));
  await page.goto(inject("pageAddress"));
  return { page, responses, complaints };
}

/** Waits until the text of an element is exactly this. A run of white space counts as one space. */
export async function says(locator: Locator, text: string | RegExp): Promise<void> {
  const said = async (): Promise<string> => ((await locator.textContent()) ?? "").replace(/\s+/g, " ").trim();
  const saying = expect.poll(said, { timeout: 10_000 });
  await (typeof text === "string" ? saying.toBe(text) : saying.toMatch(text));
}

/** Waits until the rows of a list have exactly these texts. */
export async function lists(rows: Locator, texts: readonly string[]): Promise<void> {
  await expect.poll(() => rows.allTextContents(), { timeout: 10_000 }).toEqual(texts);
}

/** The outcome of the latest operation. */
export const verdict = (page: Page): Locator => page.locator("#verdict");

/** What the error of the latest operation is about. */
export const concerned = (page: Page): Locator =>
  page.locator("#why div", { has: page.getByText("What it is about", { exact: true }) }).locator("dd");

/** The rows that say whom a message reached. */
export const reach = (page: Page): Locator => page.locator(".reach li");

/** The records and events that the latest operation made. */
export const trail = (page: Page): Locator => page.locator(".trail li");

/** What happened, according to the rows of the journal. */
export const journaled = (page: Page): Locator => page.locator("#journal-rows strong");

/** What happened, according to the rows of events. */
export const seen = (page: Page): Locator => page.locator("#event-rows strong");

export type AddressKind = "a run" | "an agent" | "a topic" | "the pool";

/** Sends a message with the form. An id that is not offered is typed. */
export async function send(page: Page, kind: AddressKind, to: string, from = "run.planner"): Promise<void> {
  const form = page.getByRole("form", { name: "Send a message" });
  await choose(form, "From", from);
  await form.getByRole("radio", { name: kind }).check();
  await choose(form, kind.replace(/^\w+/, "Which"), to);
  await form.getByRole("button", { name: "Send", exact: true }).click();
}

/** Chooses an id that is offered, or types it. */
export async function choose(form: Locator, label: string, id: string): Promise<void> {
  const select = form.getByLabel(label, { exact: true });
  const offered = await select.locator("option").allTextContents();
  if (offered.includes(id)) {
    await select.selectOption(id);
    return;
  }
  await select.selectOption(offered.at(-1) ?? "");
  await form.getByRole("textbox", { name: `${label}: another id`, exact: true }).fill(id);
}

import { chromium, type BrowserContext } from "playwright";
import { inject, onTestFinished } from "vitest";

/** The outcome of a page. */
export interface Visit {
  /** What the page's program left in `outcome`. */
  readonly outcome: unknown;
  /** The addresses of the WebAssembly modules that the page loaded, relative to the page's address. */
  readonly modules: string[];
  /** The errors and warnings of the browser. */
  readonly complaints: string[];
}

/** Opens a page in a browser without any cache, and waits until its program is done. */
export async function visit(address: string): Promise<Visit> {
  const browser = await chromium.connect(inject("browserAddress"));
  onTestFinished(() => browser.close());
  const context = await browser.newContext();
  const modules = modulesOf(context);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address);
  const outcome = await page
    .waitForFunction(() => (globalThis as { outcome?: unknown }).outcome, null, { timeout: 40_000 })
    .then((handle) => handle.jsonValue())
    .catch((cause: unknown) => {
      throw new Error(`the page has not come to an end: ${complaints.join("; ")}`, { cause });
    });
  return { outcome, modules: modules.map((module) => module.replace(address, "")), complaints };
}

function modulesOf(context: BrowserContext): string[] {
  const modules: string[] = [];
  context.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (type.startsWith("application/wasm") || response.url().includes(".wasm")) modules.push(response.url());
  });
  return modules;
}

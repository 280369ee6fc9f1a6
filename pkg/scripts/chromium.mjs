// How vitest's tests and the benchmark start Chromium. (For other tests ChromeDriver starts it.)
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Starts Debian's Chromium, so that playwright need not download its own, with the same arguments as for the tests that
 * ChromeDriver runs.
 *
 * @returns {{ args: string[], executablePath?: string }}
 */
export function launchOptions() {
  const capabilities = JSON.parse(readFileSync(new URL("../../webdriver.json", import.meta.url), "utf8"));
  const { args } = capabilities["goog:chromeOptions"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const executablePath = folders.map((folder) => join(folder, "chromium")).find((file) => existsSync(file));
  return { args, ...(executablePath !== undefined && { executablePath }) };
}

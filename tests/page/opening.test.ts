import { expect, inject, it } from "vitest";

import { journaled, lists, load, newPage, open, says, seen } from "./support.js";

it("the page loads one module, from its own server and of the right type", async () => {
  const { responses } = await open({});
  const modules = responses.filter((response) => response.url().includes(".wasm"));
  expect(modules.map((response) => response.headers()["content-type"])).toEqual(["application/wasm"]);
  expect(responses.filter((response) => !response.url().startsWith(inject("pageAddress")))).toEqual([]);
});

it("the page loads one stylesheet, whatever number it is written in", async () => {
  const { responses } = await open({});
  expect(responses.filter((response) => response.request().resourceType() === "stylesheet").length).toBe(1);
});

it("a team is there from the start, in the journal and on the bus", async () => {
  const { page } = await open();
  await lists(page.locator("#member-list strong"), ["run.planner", "run.reviewer", "run.writer-1", "run.writer-2"]);
  await lists(journaled(page), ["created", "run_joined", "run_joined", "run_joined", "run_joined"]);
  await expect.poll(() => seen(page).count()).toBe(5);
});

it("a page whose module cannot be had says so, and offers nothing to do but to start over", async () => {
  const page = await newPage();
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
  await load(page);
  await says(page.locator("#state"), /^load_failed: the WebAssembly module could not be loaded: Error: .*404/);
  expect(await page.getByRole("button").and(page.locator(":enabled")).allTextContents()).toEqual(["Start over"]);
});

it("starting over forgets everything", async () => {
  const { page } = await open();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect.poll(() => journaled(page).count()).toBe(7);
  await page.getByRole("button", { name: "Start over" }).click();
  await expect.poll(() => journaled(page).count()).toBe(5);
  await page.getByText("pool.playground is open").waitFor();
});

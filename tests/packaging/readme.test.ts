// Opens the pages that the READMEs show as they are, and checks that the sizes they state are those of the package.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { sizes } from "../../pkg/scripts/sizes.mjs";
import { blocks } from "../node/readme.js";
import { visit } from "./support/page.js";
import { project } from "./support/project.js";
import { serve } from "./support/server.js";

const EVENTS = [
  "agent_pool_created",
  "agent_pool_run_joined",
  "agent_pool_run_joined",
  "run_message_accepted",
  "run_message_delivered",
];

/** Sets `outcome` to what the page shows, once all of it is there. */
const WATCH = `
  <script type="module">
    const lines = document.querySelector("#events").children;
    const tell = () => {
      if (lines.length === ${EVENTS.length}) globalThis.outcome = Array.from(lines, (line) => line.textContent);
    };
    new MutationObserver(tell).observe(document.querySelector("#events"), { childList: true });
    tell();
  </script>`;

describe.each(["README.md", "pkg/README.md"])("the page in %s", (readme) => {
  const pages = blocks(readme, "html");

  it("is one", () => expect(pages).toHaveLength(1));

  it.each(pages)("shows the events, of one module, without a complaint", async ({ text }) => {
    // Otherwise Chromium asks for an icon and reports that there is none.
    const page = text.replace("<!doctype html>", `$&<link rel="icon" href="data:,">`) + WATCH;
    const served = await serve(await project({ "index.html": page }));
    const { outcome, complaints } = await visit(served.address);
    expect(complaints).toEqual([]);
    expect((outcome as string[]).map((line) => line.replace(/^\d+ /, ""))).toEqual(EVENTS);
    expect(served.modules).toHaveLength(1);
  });
});

describe("the sizes in pkg/README.md", () => {
  const readme = readFileSync(new URL("../../pkg/README.md", import.meta.url), "utf8");
  const budget = JSON.parse(readFileSync(new URL("../../pkg/size-budget.json", import.meta.url), "utf8")).gzip;
  const measured = sizes();

  it.each([
    ["the WebAssembly module", "wasm"],
    ["the JavaScript", "javascript"],
  ] as const)("of %s are what `cargo xtask pack` finds and allows, to the nearest twentieth", (row, part) => {
    const [, stated, allowed] = new RegExp(`^\\| ${row} \\| (\\d+) kB \\| (\\d+) kB \\|$`, "m").exec(readme) ?? [];
    expect(Number(allowed) * 1_000).toBe(budget[part]);
    const kilobytes = measured[part].gzip / 1_000;
    expect(Math.abs(Number(stated) - kilobytes) / kilobytes, `it is ${kilobytes} kB`).toBeLessThan(0.05);
  });
});

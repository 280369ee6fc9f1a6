import { breakable, byId, chip, element, idText } from "../dom.js";
import type { Failure, JournalLine, Outcome, Reach } from "../model/model.js";
import { concernedText, recordRow, retryText } from "../model/words.js";
import { scrollToResult } from "./scroll.js";
import { statusChip } from "./status.js";

/**
 * The outcome of the latest operation: the verdict, whom a message reached and why, and what was recorded and
 * published.
 */
export class OutcomeView {
  readonly #card = byId("outcome", HTMLElement);
  readonly #verdict = byId("verdict", HTMLElement);
  readonly #why = byId("why", HTMLElement);
  #shown: Outcome["verdict"] | undefined;

  render(outcome: Outcome | undefined): void {
    if (outcome === undefined) return;
    const isAnother = outcome.verdict !== this.#shown;
    this.#shown = outcome.verdict;
    // Only when it has changed: a screen reader announces a live region again whenever it is filled again.
    if (isAnother) {
      this.#verdict.replaceChildren(...verdict(outcome));
      this.#why.replaceChildren(call(outcome));
    }
    // The call is not made anew with every event: so it stays open, and keeps the focus.
    while (this.#why.firstChild !== this.#why.lastChild) this.#why.firstChild?.remove();
    this.#why.prepend(
      ...(outcome.verdict.kind === "error" ? [failure(outcome.verdict.error)] : []),
      ...(outcome.reach.length === 0 ? [] : [reach(outcome.reach)]),
      trail(outcome),
    );
    if (isAnother) scrollToResult(this.#card);
  }
}

function verdict({ verdict }: Outcome): (Node | string)[] {
  if (verdict.kind === "error") return [chip(verdict.error.code, "bad"), " ", verdict.error.message];
  return [statusChip(verdict.status), " ", verdict.summary];
}

function failure({ ids, retry, cause }: Failure): HTMLElement {
  const concerned = concernedText(ids);
  const rows = [
    ...(concerned === "" ? [] : [["What it is about", concerned]]),
    ["May it be tried again?", retryText(retry)],
    ...(cause === undefined ? [] : [["What the port threw", cause]]),
  ];
  return element("dl", {}, ...rows.map(([term = "", text = ""]) => definition(term, text)));
}

function definition(term: string, text: string): HTMLElement {
  return element("div", {}, element("dt", {}, term), element("dd", {}, text));
}

function reach(reach: readonly Reach[]): HTMLElement {
  const rows = [...reach].sort((one, other) => Number(other.isReached) - Number(one.isReached));
  const list = element("ul", { class: "reach", role: "list" });
  for (const { runId, isReached, reason } of rows) {
    const mark = element("span", { class: "mark" }, isReached ? "reached" : "not reached");
    const why = element("span", {}, reason);
    list.append(element("li", { class: isReached ? "good" : "quiet" }, mark, idText(runId), why));
  }
  return element("div", {}, element("h3", {}, "Whom it reached"), list);
}

function trail({ lines, verdict }: Outcome): HTMLElement {
  const title = element("h3", {}, "Records and events it made");
  if (lines.length === 0) {
    const nothing = verdict.kind === "error" ? "Nothing: it did not happen." : "Nothing new: the answer was known.";
    return element("div", {}, title, element("p", { class: "hint" }, nothing));
  }
  const list = element("ol", { class: "trail", role: "list" });
  for (const line of lines) list.append(step(line));
  const isLate = lines.some(({ frame }) => frame === undefined);
  return element("div", {}, title, list, ...(isLate ? [element("p", { class: "hint" }, LATE)] : []));
}

/** Why the first event that waits is among the events already, and the others are not. */
const LATE =
  "The first event that waits is tried again with the next call, and once “refuse frames” is unticked; the others " +
  "come after it. Subscribers have it since the first try, as the pool itself keeps the frames.";

function step({ cursor, record, frame }: JournalLine): HTMLElement {
  const { tone } = recordRow(record);
  const event = frame === undefined ? "waits for the bus" : `event ${frame.event.envelope.event_seq}`;
  return element(
    "li",
    { class: tone },
    element("span", { class: "where" }, cursor),
    element("span", {}, ...breakable(record.event_index.event_kind)),
    element("span", { class: frame === undefined ? "where late" : "where" }, event),
  );
}

function call({ call, given }: Outcome): HTMLDetailsElement {
  const text = given.map((value) => JSON.stringify(value, null, 2)).join(", ");
  return element(
    "details",
    {},
    element("summary", {}, "The call"),
    element("pre", { tabindex: "0", "aria-label": "The call" }, `await pool.${call}(${text});`),
  );
}

import { breakable, element } from "../dom.js";
import type { Row } from "../model/words.js";

/** An entry of a log, with the whole object behind it. */
export interface LogEntry extends Row {
  readonly number: string;
  readonly whole: object;
}

/** A list that grows at its end. It stays scrolled to the end unless the user has scrolled up. */
export class Log {
  readonly #list: HTMLElement;
  #first: unknown;
  #length = 0;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  /** Renders a list. Rows that are shown already are not made again, unless the list is a different one. */
  render<Item>(items: readonly Item[], entry: (item: Item) => LogEntry): void {
    if (items.length < this.#length || items[0] !== this.#first) this.#clear();
    const isAtEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 4;
    const isLonger = items.length > this.#length;
    this.#list.append(...items.slice(this.#length).map((item) => line(entry(item))));
    if (isLonger && isAtEnd) this.#list.scrollTop = this.#list.scrollHeight;
    this.#first = items[0];
    this.#length = items.length;
  }

  #clear(): void {
    this.#list.replaceChildren();
    this.#length = 0;
  }
}

function line({ number, what, detail, tone, whole }: LogEntry): HTMLLIElement {
  const json = element("pre", { tabindex: "0", "aria-label": `${number} in full` });
  const summary = element(
    "summary",
    {},
    element("span", { class: "where" }, number),
    element("strong", {}, ...breakable(what)),
    element("span", { class: "detail" }, detail),
  );
  const details = element("details", {}, summary, json);
  details.addEventListener("toggle", () => {
    json.textContent ||= JSON.stringify(whole, null, 2);
    if (details.open) details.scrollIntoView({ block: "nearest" });
  });
  return element("li", { class: tone }, details);
}

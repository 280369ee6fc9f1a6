import { byId } from "../dom.js";
import type { JournalLine } from "../model/model.js";
import { recordRow } from "../model/words.js";
import { Log } from "./log.js";

/** What can be done to the journal. */
export interface JournalActions {
  refuse(refuses: boolean): void;
}

/** The records as the journal took them. */
export class JournalView {
  readonly #count = byId("journal-count", HTMLElement);
  readonly #log = new Log(byId("journal-rows", HTMLOListElement));

  constructor(actions: JournalActions) {
    const refuses = byId("journal-refuses", HTMLInputElement);
    refuses.addEventListener("change", () => actions.refuse(refuses.checked));
  }

  render(lines: readonly JournalLine[]): void {
    this.#count.textContent = String(lines.length);
    this.#log.render(
      lines.map(({ record }) => record),
      (record) => ({ ...recordRow(record), number: String(record.journal_seq), whole: record }),
    );
  }
}

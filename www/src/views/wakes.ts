import { byId, element, fieldText, idText, onSubmit } from "../dom.js";
import type { AwaitedKind, Member, Wake, WakeDraft } from "../model/model.js";
import { Choice } from "./choice.js";
import { statusChip } from "./status.js";
import { Rows } from "./rows.js";

/** What can be done about wakes. */
export interface WakeActions {
  suspend(draft: WakeDraft): void;
  poll(conditionId: string): void;
  cancel(conditionId: string): void;
}

/** The wakes and their statuses, and the form to suspend a run. */
export class WakesView {
  readonly #count = byId("wake-count", HTMLElement);
  readonly #rows: Rows<Wake>;
  readonly #run = new Choice(byId("wake-run", HTMLElement), { other: "another run…" }, "run.planner");
  readonly #of = new Choice(byId("wake-of", HTMLElement), { any: "any member", other: "another run…" }, "run.reviewer");

  constructor(actions: WakeActions) {
    const form = byId("wake-form", HTMLFormElement);
    this.#rows = new Rows(
      byId("wake-list", HTMLUListElement),
      { key: ({ conditionId }) => conditionId, make: (wake) => makeRow(wake, actions) },
      () => byId("wake-run-choice", HTMLSelectElement),
    );
    onSubmit(form, () => {
      const timeout = fieldText(form, "timeout");
      actions.suspend({
        runId: this.#run.value,
        kind: fieldText(form, "kind") as AwaitedKind,
        of: this.#of.value === "" ? undefined : this.#of.value,
        timeoutSeconds: timeout === "" ? undefined : Number(timeout),
      });
    });
  }

  render(wakes: readonly Wake[], members: readonly Member[]): void {
    const runs = members.map(({ runId }) => runId);
    this.#run.offer(runs);
    this.#of.offer(runs);
    this.#count.textContent = String(wakes.length);
    byId("no-wakes", HTMLElement).hidden = wakes.length > 0;
    this.#rows.render(wakes);
  }
}

function makeRow(wake: Wake, actions: WakeActions): { element: HTMLLIElement; show(wake: Wake): void } {
  const { conditionId, runId, waitsFor } = wake;
  const status = element("span", { class: "marks" });
  const end = element("span", { class: "sentence" });
  const poll = element("button", { type: "button", "aria-label": `Poll ${conditionId}` }, "Poll");
  const cancel = element("button", { type: "button", "aria-label": `Cancel ${conditionId}` }, "Cancel");
  poll.addEventListener("click", () => actions.poll(conditionId));
  cancel.addEventListener("click", () => actions.cancel(conditionId));
  const waits = element("span");
  const about = element("span", { class: "sentence" }, idText(runId), waits, waitsFor);
  const buttons = element("span", { class: "buttons" }, poll, cancel);
  const row = element(
    "li",
    { tabindex: "-1" },
    element("div", {}, element("strong", {}, idText(conditionId)), status, about, end),
    buttons,
  );
  return {
    element: row,
    show: (changed) => {
      const isRegistered = changed.status === "registered";
      status.replaceChildren(statusChip(changed.isOverdue ? "overdue" : changed.status));
      waits.textContent = isRegistered ? " waits for " : " waited for ";
      end.textContent = endText(changed);
      if (isRegistered) return;
      // The button that ended the wait had the focus. The row takes it, so that the keyboard stays where it was.
      if (buttons.contains(document.activeElement)) row.focus({ preventScroll: true });
      buttons.remove();
    },
  };
}

function endText({ isOverdue, wokenBy }: Wake): string {
  if (wokenBy !== undefined) return `woken by ${wokenBy}`;
  return isOverdue ? "its time is over; Poll ends it" : "";
}

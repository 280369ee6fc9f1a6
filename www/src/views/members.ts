import { byId, chip, element, entries, fieldText, idText, onSubmit } from "../dom.js";
import type { Member, MemberDraft } from "../model/model.js";
import { Rows } from "./rows.js";
import { statusChip } from "./status.js";

/** What can be done about members. */
export interface MemberActions {
  /** Resolves to whether the run is a member now. */
  join(draft: MemberDraft): Promise<boolean>;
  leave(runId: string): void;
}

/** The members of the pool, and the form to join. */
export class MembersView {
  readonly #count = byId("member-count", HTMLElement);
  readonly #rows: Rows<Member>;

  constructor(actions: MemberActions) {
    const form = byId("join-form", HTMLFormElement);
    const run = byId("join-run", HTMLInputElement);
    this.#rows = new Rows(
      byId("member-list", HTMLUListElement),
      { key: ({ runId }) => runId, make: (member) => makeRow(member, actions) },
      () => run,
    );
    onSubmit(form, () => {
      const joined = actions.join({
        runId: fieldText(form, "run"),
        agentId: fieldText(form, "agent"),
        topics: entries(fieldText(form, "topics")),
        policies: entries(fieldText(form, "policies")),
      });
      run.focus();
      // If the call was refused, the user may correct the fields or try again.
      void joined.then((isMember) => {
        if (!isMember) return;
        for (const field of form.querySelectorAll("input")) field.value = "";
      });
    });
  }

  render(members: readonly Member[]): void {
    this.#count.textContent = String(members.length);
    byId("no-members", HTMLElement).hidden = members.length > 0;
    this.#rows.render(members);
  }
}

function makeRow({ runId }: Member, actions: MemberActions): { element: HTMLLIElement; show(member: Member): void } {
  const marks = element("span", { class: "marks" });
  const about = element("span", { class: "about" });
  const leave = element("button", { type: "button", "aria-label": `Leave: ${runId}` }, "Leave");
  leave.addEventListener("click", () => actions.leave(runId));
  const row = element("li", {}, element("div", {}, element("strong", {}, idText(runId)), marks, about), leave);
  return {
    element: row,
    show: (member) => {
      marks.replaceChildren(
        ...(member.isReached ? [chip("reached", "good")] : []),
        ...(member.isWaiting ? [chip("waits", "wait")] : []),
        ...(member.isOverdue ? [statusChip("overdue")] : []),
      );
      about.replaceChildren(
        idText(member.agentId),
        ...clause("listens to", member.topics),
        ...clause("holds", member.policies),
      );
    },
  };
}

function clause(verb: string, ids: readonly string[]): (Node | string)[] {
  if (ids.length === 0) return [];
  return [element("span", {}, `${verb} `, ...ids.flatMap((id, index) => [index === 0 ? "" : ", ", idText(id)]))];
}

import { byId, entries, fieldText, idText, onSubmit } from "../dom.js";
import type { AddressKind, Member, MessageDraft } from "../model/model.js";
import { Choice } from "./choice.js";

/** What can be done with messages. */
export interface SendActions {
  send(draft: MessageDraft): void;
  sendAgain(): void;
}

const WHICH: Readonly<Record<AddressKind, string>> = {
  run: "Which run",
  agent: "Which agent",
  topic: "Which topic",
  pool: "Which pool",
};

/** The form that sends a message from any run to any address. */
export class SendForm {
  readonly #form = byId("send-form", HTMLFormElement);
  readonly #again = byId("send-again", HTMLButtonElement);
  readonly #againHint = byId("again-hint", HTMLElement);
  readonly #from = new Choice(byId("send-from", HTMLElement), { other: "another run…" }, "run.planner");
  readonly #to = new Choice(byId("send-to", HTMLElement), { other: "another one…" }, "agent.writer");
  readonly #poolId: string;
  #members: readonly Member[] = [];
  #shownKind: AddressKind = this.#kind;

  constructor(poolId: string, actions: SendActions) {
    this.#poolId = poolId;
    onSubmit(this.#form, () => actions.send(this.#draft()));
    this.#again.addEventListener("click", () => actions.sendAgain());
    for (const kind of this.#form.querySelectorAll("input[name=kind]")) {
      kind.addEventListener("change", () => this.#offerTargets());
    }
  }

  /** `sent` is the id of the latest message. */
  render(members: readonly Member[], sent: string | undefined): void {
    this.#again.disabled = sent === undefined;
    this.#againHint.replaceChildren(
      ...(sent === undefined ? [] : ["Send again repeats ", idText(sent), " as it was sent, as a retry does."]),
    );
    this.#members = members;
    this.#from.offer(members.map(({ runId }) => runId));
    this.#offerTargets();
  }

  get #kind(): AddressKind {
    return this.#form.querySelector<HTMLInputElement>("input[name=kind]:checked")!.value as AddressKind;
  }

  #draft(): MessageDraft {
    return {
      from: this.#from.value,
      kind: this.#kind,
      to: this.#to.value,
      contentRef: fieldText(this.#form, "content"),
      policies: entries(fieldText(this.#form, "policies")),
    };
  }

  #offerTargets(): void {
    const kind = this.#kind;
    const isAnother = kind !== this.#shownKind;
    this.#shownKind = kind;
    this.#to.label = WHICH[kind];
    const ids = this.#targets(kind);
    this.#to.offer(ids);
    if (isAnother) this.#to.prefer(ids.at(-1));
  }

  #targets(kind: AddressKind): string[] {
    switch (kind) {
      case "run":
        return this.#members.map(({ runId }) => runId);
      case "agent":
        return [...new Set(this.#members.map(({ agentId }) => agentId))].sort();
      case "topic":
        return [...new Set(this.#members.flatMap(({ topics }) => topics))].sort();
      case "pool":
        return [this.#poolId];
    }
  }
}

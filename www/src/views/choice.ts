import { element, sameTexts } from "../dom.js";

/** The value of the option that opens a field for any other id. No id is longer than 512 bytes, so this is none. */
const OTHER = "other".padEnd(600, ".");

/** What the options of a choice are called that are no ids. */
export interface ChoiceWords {
  /** The option that lets another id be typed. */
  readonly other: string;
  /** The option that stands for every id; there is none if it is left out. */
  readonly any?: string;
}

/** A choice among the ids that are known, or of any other one, which is typed. */
export class Choice {
  readonly #label: HTMLLabelElement;
  readonly #select: HTMLSelectElement;
  readonly #other: HTMLInputElement;
  readonly #words: ChoiceWords;
  #offered: readonly string[] | undefined;
  #wanted: string;
  /** Whether that was chosen here. Who is offered no more is then not exchanged for another without a word. */
  #isChosen = false;

  /** Goes into a field of the page whose label is for `<id of the field>-choice`. */
  constructor(field: HTMLElement, words: ChoiceWords, preferred = "") {
    this.#label = field.querySelector("label")!;
    this.#words = words;
    this.#wanted = preferred;
    this.#select = element("select", { id: `${field.id}-choice` });
    this.#other = element("input", { autocomplete: "off", spellcheck: "false" });
    this.label = this.#label.textContent;
    this.#select.addEventListener("change", () => {
      this.#wanted = this.#select.value;
      this.#isChosen = true;
      this.#showOther();
      if (!this.#other.hidden) this.#other.focus();
    });
    this.#other.addEventListener("input", () => (this.#wanted = OTHER));
    field.append(this.#select, this.#other);
    this.#showOther();
  }

  /** What is asked for. The field for another id has no label that is seen, and is read out with this one. */
  set label(text: string) {
    this.#label.textContent = text;
    this.#other.setAttribute("aria-label", `${text}: another id`);
  }

  /** Chooses this id as soon as it is among those offered. */
  prefer(id: string | undefined): void {
    this.#wanted = id ?? "";
    this.#isChosen = false;
    this.#choose();
  }

  /** Offers these ids. What was chosen is chosen again whenever it is among them. */
  offer(ids: readonly string[]): void {
    if (this.#offered !== undefined && sameTexts(ids, this.#offered)) return;
    this.#offered = ids;
    const { any, other } = this.#words;
    this.#select.replaceChildren(
      ...(any === undefined ? [] : [element("option", { value: "" }, any)]),
      ...ids.map((id) => element("option", { value: id }, id)),
      element("option", { value: OTHER }, other),
    );
    this.#choose();
  }

  /** The id that is chosen or typed; empty if it is any. */
  get value(): string {
    return this.#select.value === OTHER ? this.#other.value.trim() : this.#select.value;
  }

  #choose(): void {
    const options = [...this.#select.options].map(({ value }) => value);
    if (options.includes(this.#wanted)) {
      this.#select.value = this.#wanted;
    } else if (this.#isChosen) {
      this.#select.value = OTHER;
      this.#other.value = this.#wanted;
    } else {
      this.#select.value = options[0] ?? OTHER;
    }
    this.#showOther();
  }

  #showOther(): void {
    const isOther = this.#select.value === OTHER;
    this.#other.hidden = !isOther;
    this.#other.required = isOther;
  }
}

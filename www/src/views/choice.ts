import { element, sameTexts } from "../dom.js";

/** The value of the option that opens a field for any other id. It cannot be an id, as ids have at most 512 bytes. */
const OTHER = "other".padEnd(600, ".");

/** The texts of the options that are not ids. */
export interface ChoiceWords {
  /** The text of the option that opens a field for another id. */
  readonly other: string;
  /** The text of the option that stands for every id. Without it there is no such option. */
  readonly any?: string;
}

/** A choice of one of the known ids, or of any other id, which is typed. */
export class Choice {
  readonly #label: HTMLLabelElement;
  readonly #select: HTMLSelectElement;
  readonly #other: HTMLInputElement;
  readonly #words: ChoiceWords;
  #offered: readonly string[] | undefined;
  #wanted: string;
  /**
   * Whether the user made the choice. If the chosen id is no longer offered, it then stays as a typed id instead of
   * changing silently.
   */
  #isChosen = false;

  /** Adds the choice to a field of the page. The field's label must be for `<id of the field>-choice`. */
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

  /** Sets the label. The field for another id has no visible label, so its accessible name contains this one. */
  set label(text: string) {
    this.#label.textContent = text;
    this.#other.setAttribute("aria-label", `${text}: another id`);
  }

  /** Selects this id now, or when it is next offered. */
  prefer(id: string | undefined): void {
    this.#wanted = id ?? "";
    this.#isChosen = false;
    this.#choose();
  }

  /** Offers these ids. The choice stays selected while it is among them. */
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

  /** The id that is chosen or typed; empty for any id. */
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

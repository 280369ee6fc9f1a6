type Tag = keyof HTMLElementTagNameMap;

/**
 * Makes an element with attributes and content. Text is inserted as text, never as markup, since ids may contain
 * anything.
 */
export function element<Name extends Tag>(
  tag: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** The element with an id. If it is missing, the page is not the one that this program is for. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} of the id ${id}`);
  return found;
}

/** An id, in the typeface of ids. */
export function idText(id: string): HTMLElement {
  return element("code", {}, ...breakable(id));
}

/** A text that is broken after the marks inside of ids, where the line is too short, rather than within a word. */
export function breakable(text: string): (Node | string)[] {
  return text.split(/(?<=[._])/).flatMap((part, index) => (index === 0 ? [part] : [element("wbr"), part]));
}

/** A word for a status, in its colour. */
export function chip(text: string, tone: string): HTMLElement {
  return element("span", { class: `chip ${tone}` }, text);
}

/** The entries of a field that lists ids, separated by commas. */
export function entries(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** The text of a field of a form. */
export function fieldText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** Makes a form call `submit` instead of being sent to a server. */
export function onSubmit(form: HTMLFormElement, submit: () => void): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
}

/** Whether two lists of texts are the same. */
export function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

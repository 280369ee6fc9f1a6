type Tag = keyof HTMLElementTagNameMap;

/** An element with its attributes and what is in it. Text becomes text, never markup: ids may hold anything. */
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

/** The element of the page that has an id. A page without it is another page than this program is for. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} of the id ${id}`);
  return found;
}

/** An id, in the type that ids are set in. */
export function idText(id: string): HTMLElement {
  return element("code", {}, id);
}

/** A word that says how things stand, in its colour. */
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

/** Has a form do something of this page's when it is submitted. */
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

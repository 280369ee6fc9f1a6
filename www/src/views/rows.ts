/** How the items of a list are rendered. */
export interface RowKind<Item> {
  /** The key that identifies an item. */
  key(item: Item): string;
  /** Makes the row of a new item. `show` updates the row when the item has changed. */
  make(item: Item): { readonly element: HTMLLIElement; show(item: Item): void };
}

/**
 * Rows whose elements stay as long as their items do, so that an element in a row keeps the keyboard focus. If the row
 * with the focus is removed, the focus moves to the row that takes its place, or else to the fallback.
 */
export class Rows<Item> {
  readonly #list: HTMLElement;
  readonly #kind: RowKind<Item>;
  readonly #fallback: () => HTMLElement;
  readonly #rows = new Map<string, ReturnType<RowKind<Item>["make"]>>();

  constructor(list: HTMLElement, kind: RowKind<Item>, fallback: () => HTMLElement) {
    this.#list = list;
    this.#kind = kind;
    this.#fallback = fallback;
  }

  render(items: readonly Item[]): void {
    this.#removeAllBut(new Set(items.map((item) => this.#kind.key(item))));
    for (const [index, item] of items.entries()) {
      const key = this.#kind.key(item);
      const row = this.#rows.get(key) ?? this.#kind.make(item);
      this.#rows.set(key, row);
      row.show(item);
      const there = this.#list.children[index];
      if (there !== row.element) this.#list.insertBefore(row.element, there ?? null);
    }
  }

  #removeAllBut(keys: ReadonlySet<string>): void {
    for (const [key, { element }] of this.#rows) {
      if (keys.has(key)) continue;
      const hadFocus = element.contains(document.activeElement);
      const neighbour = element.nextElementSibling ?? element.previousElementSibling;
      element.remove();
      this.#rows.delete(key);
      // Without scrolling: on a small screen the outcome has just been brought into sight.
      if (hadFocus) (neighbour?.querySelector("button") ?? this.#fallback()).focus({ preventScroll: true });
    }
  }
}

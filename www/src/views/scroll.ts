/** Whether the page has one column: style/layout.css has the same width. */
const hasOneColumn = matchMedia("(max-width: 48rem)");
const prefersLessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Scrolls as far as needed to show the result of what the user did. In one column the two may be far from each other.
 * The keyboard focus stays where it is.
 */
export function scrollToResult(result: Element): void {
  if (!hasOneColumn.matches) return;
  result.scrollIntoView({ block: "nearest", behavior: prefersLessMotion.matches ? "instant" : "smooth" });
}

/** So narrow that the page has one column, as style/layout.css says, or so low that little of it is in sight. */
const isSmall = matchMedia("(max-width: 48rem), (max-height: 32rem)");
const prefersLessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** On a small screen, scrolls to the result of what the user did. The keyboard focus stays where it is. */
export function scrollToResult(result: Element): void {
  if (!isSmall.matches) return;
  result.scrollIntoView({ block: "nearest", behavior: prefersLessMotion.matches ? "instant" : "smooth" });
}

// What many figures come to.

/**
 * @param {readonly number[]} figures at least one
 * @returns {number} the middle one
 */
export function median(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below = NaN, above = NaN] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (below + above) / 2;
}

/**
 * How many times the second's time the first takes, round by round: both had the same weather. `ofBest` is that of the
 * quickest round of each, which tells most where the machine has much else to do.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function ratios(ours, theirs) {
  const each = ours.map((time, round) => time / (theirs[round] ?? NaN));
  const ofBest = Math.min(...ours) / Math.min(...theirs);
  return { median: median(each), least: Math.min(...each), most: Math.max(...each), ofBest };
}

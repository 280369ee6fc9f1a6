// Summaries of many figures.

/**
 * @param {readonly number[]} figures at least one
 * @returns {number} their median
 */
export function median(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below = NaN, above = NaN] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (below + above) / 2;
}

/**
 * The ratios of the first contender's times to the second's, round by round: within a round, both met the machine in
 * the same state. `ofBest` is the ratio of the quickest rounds, which says most if the machine is busy.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function ratios(ours, theirs) {
  const each = ours.map((time, round) => time / (theirs[round] ?? NaN));
  const ofBest = Math.min(...ours) / Math.min(...theirs);
  return { median: median(each), least: Math.min(...each), most: Math.max(...each), ofBest };
}

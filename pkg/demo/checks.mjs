// Tries what the demonstration says of itself.

/**
 * Prints which promises are kept, and sets the exit code of the process to 1 if any is not.
 *
 * @param {Record<string, () => void>} promises what is promised, and a function that throws if it is not so
 */
export function check(promises) {
  for (const [promise, isKept] of Object.entries(promises)) {
    try {
      isKept();
      console.log(`  ok      ${promise}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`  FAILED  ${promise}\n${error}`);
    }
  }
}

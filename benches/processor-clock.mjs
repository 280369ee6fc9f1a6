// How long the processor worked for this thread: what else the machine does then does not count.
import { existsSync, openSync, readSync } from "node:fs";

const FILE = "/proc/thread-self/schedstat";

/**
 * A clock in µs that stands still while this thread does not run; `undefined` where there is none, which is anywhere but
 * on Linux. It leaves out V8's helpers, as the time of day does on a machine that has processors to spare.
 *
 * @returns {(() => number) | undefined}
 */
export function processorClock() {
  if (!existsSync(FILE)) return undefined;
  const file = openSync(FILE, "r");
  const bytes = Buffer.alloc(128);
  return () => {
    // The kernel adds up a thread's time when it is asked for usage; the file shows the last sum.
    process.cpuUsage();
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return Number.parseInt(bytes.toString("latin1", 0, length), 10) / 1_000;
  };
}

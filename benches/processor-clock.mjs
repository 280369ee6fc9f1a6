// The processor time of this thread. What else the machine does meanwhile does not count.
import { existsSync, openSync, readSync } from "node:fs";

const FILE = "/proc/thread-self/schedstat";

/**
 * A clock in µs that stands still while this thread does not run. It is `undefined` on systems other than Linux. It
 * leaves out V8's helper threads, as the time of day does on a machine with processors to spare.
 *
 * @returns {(() => number) | undefined}
 */
export function processorClock() {
  if (!existsSync(FILE)) return undefined;
  const file = openSync(FILE, "r");
  const bytes = Buffer.alloc(128);
  return () => {
    // The kernel updates a thread's time when usage is asked for. The file shows the last update.
    process.cpuUsage();
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return Number.parseInt(bytes.toString("latin1", 0, length), 10) / 1_000;
  };
}

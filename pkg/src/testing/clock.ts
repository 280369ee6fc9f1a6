import type { Clock } from "../ports.js";
import { breach, clause } from "./clauses.js";
import type { ContractClause } from "./contract.js";

/** A clock as pools take it. */
export type ClockPort = Clock | Clock["now"];

/** Options of the contract of a clock. */
export interface ClockContractOptions {
  /**
   * Whether the clock has a time of its own, as a logical clock or a clock set by hand has. Its time then need not be
   * within a day of the platform's. Default: false.
   */
  readonly isArtificial?: boolean | undefined;
}

const READINGS = 100;
const DAY = 24 * 60 * 60 * 1_000;
/** The first time whose year has more than four digits. */
const YEAR_10_000 = Date.UTC(10_000, 0);

/**
 * What a clock promises to a pool (see {@link Clock}), as clauses to be run one by one. `make` must return a new clock
 * every time, or a promise of one.
 */
export function clockContract(
  make: () => ClockPort | PromiseLike<ClockPort>,
  { isArtificial = false }: ClockContractOptions = {},
): ContractClause[] {
  const readings = (name: string, check: (read: () => unknown) => void): ContractClause =>
    clause(name, async () => {
      const port = await make();
      const clock = typeof port === "function" ? { now: port } : port;
      for (let reading = 0; reading < READINGS; reading += 1) check(() => clock.now());
    });
  return [
    readings("can be read at any time", (read) => {
      try {
        read();
      } catch (cause) {
        breach("it threw", { cause });
      }
    }),
    readings("answers a number from 0 on, at once", (read) => {
      const now = reading(read);
      if (now !== undefined && !isTime(now)) breach(`it answered ${described(now)}`);
    }),
    readings("counts milliseconds, in which the year 10000 is far", (read) => {
      const now = reading(read);
      if (isTime(now) && now >= YEAR_10_000) breach(`it answered ${now}, which is after the year 9999`);
    }),
    ...(isArtificial
      ? []
      : [
          readings("tells the time since 1970, give or take a day", (read) => {
            const now = reading(read);
            // A time after the year 9999 breaks the previous promise.
            if (!isTime(now) || now >= YEAR_10_000) return;
            const platform = Date.now();
            if (Math.abs(now - platform) > DAY) {
              breach(`it answered ${now} when the platform's said ${platform}; if that is meant, say \`isArtificial\``);
            }
          }),
        ]),
  ];
}

/** What a clock returns; `undefined` for a clock that threw, which breaks the first promise. */
function reading(read: () => unknown): unknown {
  try {
    return read() ?? null;
  } catch {
    return undefined;
  }
}

function isTime(now: unknown): now is number {
  return typeof now === "number" && Number.isFinite(now) && now >= 0;
}

function described(now: unknown): string {
  if (typeof now === "number") return String(now);
  if (typeof now === "object" && now !== null && "then" in now) return "a promise";
  return now === null ? "nothing" : `something of the type ${typeof now}`;
}

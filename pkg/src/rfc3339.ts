const MINUTE = 60_000;
/** 9999-12-31T23:59:59.999Z, the latest time that can be written. */
const LAST = 253_402_300_799_999;

let knownMinute = -1;
/** The text of `knownMinute`, up to the seconds. */
let prefix = "";

const twoDigits = /* @__PURE__ */ Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/**
 * A time in Unix milliseconds as the core writes it: `1970-01-01T00:00:10Z` for a whole second,
 * `1970-01-01T00:00:10.123Z` otherwise. Times too late to be written become the latest that can be. The text of a
 * minute is made once, since times come one after the other.
 */
export function rfc3339(time: number): string {
  const unixMillis = Math.min(time, LAST);
  const minute = Math.floor(unixMillis / MINUTE);
  if (minute !== knownMinute) {
    prefix = new Date(minute * MINUTE).toISOString().slice(0, "1970-01-01T00:00:".length);
    knownMinute = minute;
  }
  const millisOfMinute = unixMillis - minute * MINUTE;
  const second = Math.floor(millisOfMinute / 1_000);
  const millis = millisOfMinute - second * 1_000;
  const fraction = millis === 0 ? "Z" : `.${String(millis).padStart(3, "0")}Z`;
  return prefix + twoDigits[second] + fraction;
}

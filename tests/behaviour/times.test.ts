// The times of events as text. The core and the JavaScript side both write them; this one must do the same as `rfc3339`
// in src/record/time.rs.

import { expect, it } from "vitest";

import { rfc3339 } from "../../pkg/src/rfc3339.js";

it("known times are written as everyone writes them", () => {
  for (const [millis, text] of [
    [0, "1970-01-01T00:00:00Z"],
    [10_000, "1970-01-01T00:00:10Z"],
    [60_000, "1970-01-01T00:01:00Z"],
    [10_123, "1970-01-01T00:00:10.123Z"],
    [7, "1970-01-01T00:00:00.007Z"],
    [68_169_599_999, "1972-02-28T23:59:59.999Z"],
    [68_169_600_000, "1972-02-29T00:00:00Z"],
    [951_782_400_000, "2000-02-29T00:00:00Z"],
    [951_868_800_000, "2000-03-01T00:00:00Z"],
    [1_000_000_000_000, "2001-09-09T01:46:40Z"],
    [1_709_251_199_000, "2024-02-29T23:59:59Z"],
    [4_107_542_400_000, "2100-03-01T00:00:00Z"],
    [4_107_456_000_000, "2100-02-28T00:00:00Z"],
    [253_402_300_799_999, "9999-12-31T23:59:59.999Z"],
  ] as const) {
    expect(rfc3339(millis)).toBe(text);
  }
});

it("times after the year 9999 are written as its last millisecond", () => {
  for (const millis of [253_402_300_800_000, 8.64e15, 8.64e15 + 1, 2 ** 53, 2 ** 64]) {
    expect(rfc3339(millis)).toBe("9999-12-31T23:59:59.999Z");
  }
});

it("every second of two days follows the one before, forwards and backwards", () => {
  const start = Date.UTC(2024, 1, 28, 23);
  const expected = (millis: number): string => new Date(millis).toISOString().replace(".000Z", "Z");
  const seconds = Array.from({ length: 2 * 86_400 }, (_, second) => start + second * 1_000);
  expect(seconds.filter((millis) => rfc3339(millis) !== expected(millis))).toEqual([]);
  expect(seconds.reverse().filter((millis) => rfc3339(millis + 5) !== expected(millis + 5))).toEqual([]);
});

import { logicalClock, manualClock, seededIds, systemClock, type Clock, type IdSource } from "agent-pool";
import { clockContract, idSourceContract, runLauncherContract, type ClockContractOptions } from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { Breaches, IMPATIENT, violations } from "./broken.js";
import { Deferred, settle } from "../support.js";

describe("the contract of a clock", () => {
  const breaches = new Breaches();
  let read = 0;

  it.each<[string, () => Clock | Clock["now"], ClockContractOptions?]>([
    ["the platform's", systemClock],
    ["the logical one", logicalClock, { isArtificial: true }],
    ["one set by hand", () => manualClock(1_000), { isArtificial: true }],
    ["one at the end of the year 9999", () => () => Date.UTC(10_000, 0) - 1, { isArtificial: true }],
    ["one that is hours off", () => () => Date.now() - 14 * 60 * 60 * 1_000],
    ["a function", () => () => Date.now() + 0.5],
  ])("is kept by %s", async (_, make, options) => {
    expect(await violations(clockContract(make, options))).toEqual([]);
  });

  it.each<[string, string, () => unknown]>([
    [
      "can be read at any time",
      "one that throws",
      () => {
        throw new Error("no battery");
      },
    ],
    [
      "can be read at any time",
      "one that rests now and then",
      () => {
        if ((read += 1) % 10 === 0) throw new Error("at rest");
        return Date.now();
      },
    ],
    ["answers a number from 0 on, at once", "one that answers later", async () => Date.now()],
    ["answers a number from 0 on, at once", "one that answers nothing", () => undefined],
    ["answers a number from 0 on, at once", "one that answers a bigint", () => BigInt(Date.now())],
    ["answers a number from 0 on, at once", "one that answers a time before 1970", () => -1],
    ["answers a number from 0 on, at once", "one that answers no number", () => NaN],
    ["answers a number from 0 on, at once", "one that has no end", () => Infinity],
    ["counts milliseconds, in which the year 10000 is far", "one that counts microseconds", () => Date.now() * 1_000],
    ["counts milliseconds, in which the year 10000 is far", "one that is there", () => Date.UTC(10_000, 0)],
    ["tells the time since 1970, give or take a day", "one that counts seconds", () => Date.now() / 1_000],
    ["tells the time since 1970, give or take a day", "one that is days ahead", () => Date.now() + 3 * 86_400_000],
    ["tells the time since 1970, give or take a day", "one that counts from its start", () => performance.now()],
  ])("finds exactly the broken promise: %s (%s)", (promise, _, now) =>
    breaches.expect(
      clockContract(() => now as Clock["now"]),
      promise,
    ),
  );

  it("has a broken one for every promise", () => breaches.expectAllTried(clockContract(systemClock)));
});

describe("the contract of a source of ids", () => {
  const breaches = new Breaches();
  const counting = (made: (count: number) => unknown): (() => IdSource["next"]) => {
    return () => {
      let count = 0;
      return () => made((count += 1)) as string;
    };
  };

  it("is kept by seeded ids, and by a function", async () => {
    expect(await violations(idSourceContract(() => seededIds(7)))).toEqual([]);
    expect(await violations(idSourceContract(() => () => crypto.randomUUID()))).toEqual([]);
    const longest = counting((count) => `${count}.`.padEnd(512, "x"));
    expect(await violations(idSourceContract(longest))).toEqual([]);
  });

  it.each<[string, string, () => IdSource["next"]]>([
    [
      "gives ids at any time",
      "one that is used up",
      counting((count) => {
        if (count > 500) throw new Error("no more ids");
        return `id.${count}`;
      }),
    ],
    ["gives texts of 1 to 512 bytes without control characters", "one that gives numbers", counting((count) => count)],
    [
      "gives texts of 1 to 512 bytes without control characters",
      "one that ends lines",
      counting((count) => `${count}\n`),
    ],
    ...Object.entries({
      "an empty text": "",
      "a text of 513 bytes": "x".repeat(513),
      "a text of 513 bytes in fewer characters": `${"é".repeat(256)}x`,
      "half a surrogate pair": "\ud800",
    }).map(([what, id]): [string, string, () => IdSource["next"]] => [
      "gives texts of 1 to 512 bytes without control characters",
      `one that gives ${what}`,
      counting((count) => (count === 1 ? id : `id.${count}`)),
    ]),
    ["never gives the same id twice", "one that counts to 100", counting((count) => `id.${count % 100}`)],
    ["never gives the same id twice", "one that gives one once more", counting((count) => `id.${Math.min(count, 999)}`)],
  ])("finds exactly the broken promise: %s (%s)", (promise, _, make) =>
    breaches.expect(idSourceContract(make), promise),
  );

  it("has a broken one for every promise", () => breaches.expectAllTried(idSourceContract(() => seededIds(7))));
});

describe("the contract of a run launcher", () => {
  const breaches = new Breaches();
  const options = { ...IMPATIENT, runIdOf: (runHandle: { id: string }) => runHandle.id };

  it("is kept by one that answers at once or later, and every run that it started is stopped", async () => {
    let running = 0;
    const stop = (): void => void (running -= 1);
    const contract = runLauncherContract(
      () => async (request) => {
        running += 1;
        return { id: request.run_id };
      },
      { ...options, stop, input: { prompt: "write" } },
    );
    expect(await violations(contract)).toEqual([]);
    expect(running).toBe(0);
    expect(await violations(runLauncherContract(() => ({ start: ({ run_id }) => ({ id: run_id }) }), options))).toEqual(
      [],
    );
  });

  it("has every run stopped that was started, also beside one that was refused, and one that came late", async () => {
    const running = new Set<object>();
    let begunRuns = 0;
    const begun = (id: string): { id: string } => {
      const handle = { id };
      begunRuns += 1;
      running.add(handle);
      return handle;
    };
    const stop = (handle: object): void => void running.delete(handle);
    const picky = runLauncherContract(
      () =>
        async ({ run_id }) => {
          if (run_id === "run.second") throw new Error("no capacity");
          return begun(run_id);
        },
      { ...IMPATIENT, stop },
    );
    expect((await violations(picky)).map(({ clause }) => clause)).toEqual(["starts runs side by side"]);
    expect(running.size).toBe(0);
    const patienceIsOver = new Deferred();
    const late = runLauncherContract(
      () =>
        async ({ run_id }) => {
          await patienceIsOver.promise;
          return begun(run_id);
        },
      { patienceMillis: 1, stop },
    );
    expect((await violations(late)).length).toBeGreaterThan(0);
    const before = begunRuns;
    patienceIsOver.resolve();
    await settle();
    expect(begunRuns).toBeGreaterThan(before);
    expect(running.size).toBe(0);
  });

  it("has the other runs stopped if one cannot be, and says what was wrong before that", async () => {
    const stopped: string[] = [];
    const stop = ({ id }: { id: string }): void => {
      stopped.push(id);
      throw new Error("it runs on");
    };
    const picky = runLauncherContract(
      () =>
        async ({ run_id }) => {
          if (run_id === "run.third") throw new Error("no capacity");
          return { id: run_id };
        },
      { ...IMPATIENT, stop },
    );
    const sideBySide = picky.find(({ name }) => name === "starts runs side by side");
    await expect(sideBySide?.run()).rejects.toThrow("it failed");
    expect(stopped).toEqual(["run.first", "run.second"]);
  });

  it.each<[string, string, () => (request: { run_id: string }) => { id: string } | Promise<{ id: string }>]>([
    [
      "starts runs side by side",
      "one that starts one at a time",
      () => {
        let isBusy = false;
        return async ({ run_id }) => {
          if (isBusy) throw new Error("busy");
          isBusy = true;
          await Promise.resolve();
          isBusy = false;
          return { id: run_id };
        };
      },
    ],
    ["starts the run that it was asked for", "one that names its runs", () => () => ({ id: "run.mine" })],
    [
      "starts the run that it was asked for",
      "one that mixes up runs side by side",
      () => {
        let last = "";
        return async ({ run_id }) => {
          last = run_id;
          await Promise.resolve();
          return { id: last };
        };
      },
    ],
    ["starts a run, which is then a member", "one that never answers", () => () => new Promise(() => undefined)],
    [
      "starts a run, which is then a member",
      "one that throws",
      () => () => {
        throw new Error("no capacity");
      },
    ],
  ])("finds exactly the broken promise: %s (%s)", (promise, _, make) =>
    breaches.expect(runLauncherContract(make, options), promise),
  );

  it("has a broken one for every promise", () => {
    breaches.expectAllTried(
      runLauncherContract(
        () =>
          ({ run_id }) => ({ id: run_id }),
        options,
      ),
    );
  });
});

// What this side holds of the core is freed, but not by entering a core that has ended.

import { describe, expect, it, vi } from "vitest";

import { connect } from "../../pkg/src/connect.js";
import { Handle } from "../../pkg/src/handle.js";
import { readOptions } from "../../pkg/src/read-options.js";
import { RunInputs } from "../../pkg/src/run-launching.js";
import { Runtime, type Glue } from "../../pkg/src/runtime.js";
import type { Scratch } from "../../pkg/src/scratch.js";
import { Operation } from "../../pkg/src/wasm/agent_pool.js";
import { anything } from "../behaviour/support.js";

// It makes an instance of the core.
vi.mock("../../pkg/src/instance.js", () => ({ loadRuntime: undefined }));

describe.each([
  ["is freed", false],
  ["is not freed once the core has ended", true],
])("what this side holds of the core %s:", (_, ends) => {
  /** A core whose ports and pool have this `free`, and which answers all operations but `Close` later. */
  function holding(free: () => void) {
    const port = () => ({ free });
    const ports = ["memoryJournal", "memoryEventBus", "memoryStore", "systemClock", "randomIds"];
    const call = (operation: Operation) => (operation === Operation.Close ? undefined : -1);
    const wasm = { free, call, poolId: () => "pool.a" };
    const glue = {
      WasmPort: Object.fromEntries(ports.map((name) => [name, port])),
      WasmPool: { build: () => (end(), wasm) },
    };
    const runtime = new Runtime(glue as unknown as Glue, { write: () => -1 } as unknown as Scratch);
    const end = (): void => (ends ? runtime.turnOff(new Error("a trap")) : undefined);
    const Opened = Handle as unknown as new (...given: unknown[]) => Handle;
    return { runtime, end, open: () => new Opened(runtime, { wasm, release: () => undefined }, new RunInputs()) };
  }

  it("the ports, when the pool is built", async () => {
    const free = vi.fn();
    const { runtime } = holding(free);
    await connect(runtime, readOptions({ poolId: "pool.a" }), new RunInputs()).catch(() => undefined);
    expect(free).toHaveBeenCalledTimes(ends ? 0 : 5);
  });

  it("a stream, when it is stopped", () => {
    const free = vi.fn();
    const { open, end } = holding(free);
    const stream = open().open(() => anything({ free }));
    end();
    stream.stop();
    expect(free).toHaveBeenCalledTimes(ends ? 0 : 1);
  });

  it("the pool, when it is closed and no call waits", async () => {
    const free = vi.fn();
    const { runtime, open, end } = holding(free);
    const pool = open();
    const waiting = pool.callForNothing(Operation.Flush).catch(() => undefined);
    await pool.close();
    expect(free).not.toHaveBeenCalled();
    end();
    if (!ends) runtime.answered(1, true, undefined);
    await waiting;
    expect(free).toHaveBeenCalledTimes(ends ? 0 : 1);
  });
});

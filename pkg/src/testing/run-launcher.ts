import { isThenable } from "../later.js";
import type { RunLauncher } from "../ports.js";
import type { AgentPool } from "../pool.js";
import { breach, clause, patience } from "./clauses.js";
import type { ContractClause, ContractOptions } from "./contract.js";
import { inTime } from "./data.js";
import { end, openPool } from "./script.js";

/** A run launcher as pools take it. */
export type RunLauncherPort<RunHandle> = RunLauncher<RunHandle> | RunLauncher<RunHandle>["start"];

/** Options of the contract of a run launcher. */
export interface RunLauncherContractOptions<RunHandle> extends ContractOptions {
  /** The agent that the runs execute. Default: `agent.contract`. */
  readonly agentId?: string | undefined;
  /** The input of the runs. Default: none. */
  readonly input?: unknown;
  /** Returns the run of a handle. With this option the contract also tests that it is the run that was asked for. */
  readonly runIdOf?: ((runHandle: RunHandle) => string | PromiseLike<string>) | undefined;
  /** Ends a run that the contract had started. */
  readonly stop?: ((runHandle: RunHandle) => void | PromiseLike<void>) | undefined;
}

const RUNS = ["run.first", "run.second", "run.third"];

/**
 * What a run launcher promises to a pool (see {@link RunLauncher}), as clauses to be run one by one. `make` must return
 * a new launcher every time, or a promise of one.
 */
export function runLauncherContract<RunHandle>(
  make: () => RunLauncherPort<RunHandle> | PromiseLike<RunLauncherPort<RunHandle>>,
  options: RunLauncherContractOptions<RunHandle> = {},
): ContractClause[] {
  const { runIdOf } = options;
  const launching = (name: string, check: (trial: Trial<RunHandle>) => Promise<void>): ContractClause =>
    clause(name, async () => {
      const started = new StartedRuns(options.stop);
      const trial = new Trial(await openPool({ runLauncher: started.noting(await make()) }), options);
      try {
        await check(trial);
      } catch (error) {
        // What the check found counts, and not what stopping the runs leads to then.
        await end(trial.pool);
        await started.end().catch(() => undefined);
        throw error;
      }
      await end(trial.pool);
      await started.end();
    });
  return [
    launching("starts a run, which is then a member", async (trial) => void (await trial.start(RUNS.slice(0, 1)))),
    launching("starts runs side by side", (trial) => trial.startSideBySide()),
    ...(runIdOf === undefined
      ? []
      : [launching("starts the run that it was asked for", (trial) => trial.requireRightRuns(runIdOf))]),
  ];
}

/** The runs that a launcher has started in a clause, whatever became of the calls. */
class StartedRuns<RunHandle> {
  readonly #stop: RunLauncherContractOptions<RunHandle>["stop"];
  readonly #handles: RunHandle[] = [];
  #isOver = false;

  constructor(stop: RunLauncherContractOptions<RunHandle>["stop"]) {
    this.#stop = stop;
  }

  /** The launcher, with its handles noted. */
  noting(launcher: RunLauncherPort<RunHandle>): RunLauncher<RunHandle>["start"] {
    return (request) => {
      const answer = typeof launcher === "function" ? launcher(request) : launcher.start(request);
      return isThenable(answer) ? Promise.resolve(answer).then((handle) => this.#note(handle)) : this.#note(answer);
    };
  }

  #note(handle: RunHandle): RunHandle {
    this.#handles.push(handle);
    // Nobody waits any more for a run that was started late.
    if (this.#isOver) void this.end().catch(() => undefined);
    return handle;
  }

  /** Stops the runs, each of them whatever becomes of the others, and those that are still to come. */
  async end(): Promise<void> {
    this.#isOver = true;
    const stopped = await Promise.allSettled(this.#handles.splice(0).map(async (handle) => this.#stop?.(handle)));
    for (const outcome of stopped) if (outcome.status === "rejected") throw outcome.reason;
  }
}

class Trial<RunHandle> {
  readonly pool: AgentPool;
  readonly #options: RunLauncherContractOptions<RunHandle>;

  constructor(pool: AgentPool, options: RunLauncherContractOptions<RunHandle>) {
    this.pool = pool;
    this.#options = options;
  }

  /** Starts runs at the same time; returns their handles. */
  async start(runIds: readonly string[]): Promise<RunHandle[]> {
    const { agentId = "agent.contract", input } = this.#options;
    const millis = patience(this.#options);
    const starts = runIds.map((run_id) =>
      inTime(millis, () =>
        this.pool.startRun({ run_id, agent_id: agentId, ...(input === undefined ? {} : { input }) }),
      ),
    );
    const handles = (await Promise.all(starts)).map((started): RunHandle => {
      if (started.state === "late") breach(`it did not answer within ${millis} ms`);
      if (started.state === "broken") breach("it failed", { cause: causeOf(started.cause) });
      return started.value as RunHandle;
    });
    const members = (await this.pool.members()).map(({ run_id }) => run_id);
    if (!runIds.every((run_id) => members.includes(run_id))) breach("a run that it started is no member");
    return handles;
  }

  async startSideBySide(): Promise<void> {
    // A launcher that starts no run at all breaks another promise.
    const alone = await inTime(patience(this.#options), () => this.start(RUNS.slice(0, 1)));
    if (alone.state === "kept") await this.start(RUNS.slice(1));
  }

  async requireRightRuns(runIdOf: (runHandle: RunHandle) => string | PromiseLike<string>): Promise<void> {
    // One alone, and then the others side by side.
    for (const runIds of [RUNS.slice(0, 1), RUNS.slice(1)]) {
      const started = await inTime(patience(this.#options), () => this.start(runIds));
      // That it starts runs is another promise.
      if (started.state !== "kept") return;
      const ofHandles = await Promise.all(started.value.map((handle) => runIdOf(handle)));
      if (ofHandles.join() !== runIds.join()) breach("the run of its handle is not the one that it was asked for");
    }
  }
}

/** What the launcher threw, which is the cause of the pool's error. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && "cause" in error ? error.cause : error;
}

// The program whose start is measured. It reads the clock first.
const start = performance.now();
const startedWith = process.cpuUsage();

/**
 * @typedef {object} StartUpMarks times in milliseconds
 * @property {number} boot
 * @property {number} total
 * @property {number} worked processor time of all threads
 * @property {{ [step: string]: number }} steps
 */

/** @type {{ [step: string]: number }} */
const steps = {};
let last = start;

/** @param {string} step */
function done(step) {
  const now = performance.now();
  steps[step] = now - last;
  last = now;
}

if (process.argv[2] === "package") await startPackage();
else await startYardstick();
const worked = process.cpuUsage(startedWith);
/** @type {StartUpMarks} */
const marks = { boot: start, total: last - start, worked: (worked.user + worked.system) / 1_000, steps };
process.send?.(marks);
process.disconnect?.();

async function startPackage() {
  watchLoading();
  const { AgentPool } = await import("../pkg/dist/index.js");
  done("import");
  let appended = 0;
  const journal = () => {
    appended += 1;
    return `journal.${appended}`;
  };
  const pool = await AgentPool.build({ poolId: "pool.bench", journal, eventBus: () => undefined });
  done("rest of build");
  for (const step of ["read the wasm file", "compile", "instantiate"]) {
    steps["rest of build"] = (steps["rest of build"] ?? 0) - (steps[step] ?? 0);
  }
  await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
  await pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer" });
  done("two joins");
  await pool.send({ from: "run.planner", to: { run: "run.writer" }, content_ref: "content.outline" });
  done("first send");
}

/** Measures the steps of loading, which happen inside `build`. */
function watchLoading() {
  const { compile, Instance } = WebAssembly;
  let compiledFrom = 0;
  WebAssembly.compile = async (bytes) => {
    // The time between the import and this call was spent on getting the bytes.
    compiledFrom = performance.now();
    steps["read the wasm file"] = compiledFrom - last;
    const module = await compile(bytes);
    steps["compile"] = performance.now() - compiledFrom;
    return module;
  };
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, [module, imports]) {
      const from = performance.now();
      const instance = new target(module, imports);
      steps["instantiate"] = performance.now() - from;
      return instance;
    },
  });
}

async function startYardstick() {
  const { PlainPool } = await import("./yardstick/plain-pool.mjs");
  done("import");
  let appended = 0;
  const append = () => {
    appended += 1;
    return `journal.${appended}`;
  };
  const pool = new PlainPool("pool.bench", append, () => undefined);
  pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
  pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer" });
  done("build and two joins");
  pool.send({
    message_id: "message.1",
    from: "run.planner",
    to: {
      target: { type: "run", run_id: "run.writer" },
      destination_ref: { kind: "agent", id: "run.writer", privacy: "content_refs_only", retention: "host_policy" },
      related_refs: [{ kind: "run", id: "run.writer", privacy: "content_refs_only" }],
    },
    content_ref: "content.outline",
    correlation: {},
    idempotency_key: "key.1",
  });
  done("first send");
}

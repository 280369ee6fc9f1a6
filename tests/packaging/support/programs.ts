// What every project does with the package: it opens two pools at once, which would show if each loaded a core of its
// own. In each pool one run sends another run a message.

/** Returns to whom the messages were delivered. */
export const CONVERSE = `
  async function conversation(poolId, options) {
    const pool = await AgentPool.build({ poolId, ...options });
    await pool.joinRun({ run_id: "run.planner", agent_id: "agent.planner" });
    await pool.joinRun({ run_id: "run.writer", agent_id: "agent.writer" });
    const receipt = await pool.send({ from: "run.planner", to: { run: "run.writer" }, content_ref: "content.outline" });
    await pool.close();
    return receipt.delivered_to;
  }
  function converse(options) {
    return Promise.all([conversation("pool.a", options), conversation("pool.b", options)]);
  }
`;

/** What {@link CONVERSE} returns. */
export const DELIVERED = [["run.writer"], ["run.writer"]];

/** What a program reports, wherever it runs: to whom messages were delivered, or the error. */
const OUTCOME = `(delivered) => ({ delivered }), (error) => ({ code: error.code, cause: String(error.cause ?? error) })`;

/**
 * A program for a page, which leaves the outcome in a global variable. `options` is the source text of the pool's
 * options.
 */
export function onPage(options = "{}", from = "agent-pool"): string {
  return `
    import { AgentPool } from "${from}";
    ${CONVERSE}
    converse(${options}).then(${OUTCOME}).then((outcome) => (globalThis.outcome = outcome));
  `;
}

/** A program for a worker of any kind, which answers every message with the outcome. */
export function inWorker(options = "{}", from = "agent-pool"): string {
  return `
    import { AgentPool } from "${from}";
    ${CONVERSE}
    const answer = (port) => converse(${options}).then(${OUTCOME}).then((outcome) => port.postMessage(outcome));
    self.addEventListener("connect", ({ ports: [port] }) => answer(port));
    self.addEventListener("message", ({ source, ports: [port] }) => answer(port ?? source ?? self));
  `;
}

/** A program for Node, which prints the outcome, and how many cores were made of how many modules. */
export function onNode(options = "{}", head = `import { AgentPool } from "agent-pool";`): string {
  return `
    ${head}
    const counts = { compiled: 0, instances: 0 };
    const { compile, Instance } = WebAssembly;
    WebAssembly.compile = (...all) => { counts.compiled += 1; return compile(...all); };
    WebAssembly.Instance = class extends Instance {
      constructor(...all) { super(...all); counts.instances += 1; }
    };
    ${CONVERSE}
    converse(${options}).then(${OUTCOME}).then((outcome) => console.log(JSON.stringify({ ...outcome, ...counts })));
  `;
}

/** The parsed output of {@link onNode}. */
export const DELIVERED_ON_NODE = { delivered: DELIVERED, compiled: 1, instances: 1 };

/** A page that runs a script. */
export function html(script: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Agent Pool</title><link rel="icon" href="data:,">${script}`;
}

/** A page that runs a module. */
export const PAGE = html(`<script type="module" src="./main.js"></script>`);

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { node, project } from "./support/project.js";

const tsc = (typescript: string): string =>
  fileURLToPath(new URL(`${typescript}/bin/tsc`, import.meta.url));

const PROGRAM = `
  import { AgentPool, AgentPoolError, type MessageReceipt } from "agent-pool";
  import wasm from "agent-pool/wasm";
  export async function send(): Promise<MessageReceipt> {
    const pool = await AgentPool.build({ poolId: "pool.x" });
    await pool.joinRun({ run_id: "run.a", agent_id: "agent.a" });
    await pool.joinRun({ run_id: "run.b", agent_id: "agent.b" });
    return pool.send({ from: "run.a", to: { run: "run.b" }, content_ref: "content.a" });
  }
  export const given = (): Promise<AgentPool> => AgentPool.build({ poolId: "pool.x", wasm });
  send().then(
    (receipt) => console.log(receipt.delivered_to?.join()),
    (error: unknown) => console.error(error instanceof AgentPoolError ? error.code : error),
  );
  // @ts-expect-error
  export const wrong = () => AgentPool.build({ poolId: 5 });
`;

/** The program without its import of the module's file, which only bundlers understand. */
const ON_NODE = PROGRAM.replace(/^.*"agent-pool\/wasm".*$|^.*given = .*$/gm, "");

const STRICT = {
  target: "ES2022",
  lib: ["ES2022", "DOM"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
};

/** Compiles a project with a program. A message of the compiler is an error here. */
async function compiled(typescript: string, file: string, program: string, options: object): Promise<string> {
  const compilerOptions = { ...STRICT, ...options };
  const folder = await project({ [file]: program, "tsconfig.json": JSON.stringify({ compilerOptions, files: [file] }) });
  try {
    execFileSync(process.execPath, [tsc(typescript), "--project", folder], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout, { cause: error });
  }
  return folder;
}

describe.each([
  ["TypeScript 5", "./node_modules/typescript"],
  ["TypeScript 7", "../../pkg/node_modules/typescript"],
])("a program compiles under %s, declarations and all,", (_, typescript) => {
  it("as a module for Node (`node16`), and runs", async () => {
    const folder = await compiled(typescript, "main.mts", ON_NODE, { module: "Node16", moduleResolution: "Node16" });
    expect(await node(folder, "main.mjs")).toBe("run.b");
  });

  it("as a script for Node (`nodenext`), which requires the package, and runs", async () => {
    const requires = `
      import required = require("agent-pool");
      const { AgentPool, AgentPoolError } = required;
      type MessageReceipt = required.MessageReceipt;`;
    const script = ON_NODE.replace(/import .* from "agent-pool";/, requires).replaceAll("export ", "");
    const folder = await compiled(typescript, "main.cts", script, { module: "NodeNext", moduleResolution: "NodeNext" });
    expect(await node(folder, "main.cjs")).toBe("run.b");
  });

  it("where there are no types of a page or of Node", async () => {
    const program = `
      import { AgentPool } from "agent-pool";
      import { journalContract } from "agent-pool/testing";
      const pool = await AgentPool.build({ poolId: "pool.x" });
      await pool.subscribe().drain();
      export const clauses = journalContract(() => ({ append: () => undefined }), { records: () => [] });
      // @ts-expect-error
      pool.subscribe({}, { signal: 5 });
      // @ts-expect-error
      await AgentPool.build({ poolId: "pool.x", wasm: 5 });
    `;
    const options = { lib: ["ES2022"], module: "NodeNext", moduleResolution: "NodeNext", skipLibCheck: false };
    await compiled(typescript, "main.mts", program, options);
  });

  it("for a bundler (`bundler`), which may take the module's file along", async () => {
    await compiled(typescript, "main.ts", PROGRAM, { module: "ESNext", moduleResolution: "Bundler", noEmit: true });
  });
});

// A message to a simple address is sent by a path of its own, on which its records and frames are made in JavaScript. The
// difference must not be observable: the same calls are played on both paths, and everything that a host gets is compared
// exactly.

import {
  AgentPool,
  AgentPoolError,
  logicalClock,
  seededIds,
  type AgentPoolOptions,
  type EventFrame,
  type JournalRecord,
  type RunAddressInput,
  type RunMessageInput,
} from "agent-pool";
import { describe, expect, it } from "vitest";

import { readPlainMessage } from "../../pkg/src/read-plain-message.js";
import { Random } from "./random.js";
import { anything } from "./support.js";

type Form = (message: RunMessageInput) => RunMessageInput;

const asItIs: Form = (message) => message;
/** Says the same in a form that is not plain: an address with a field that nobody knows. */
const inFull: Form = ({ to, ...message }) => {
  const { run, agent, topic, pool, ...rest } = anything(to) as Record<string, string>;
  const target = [
    run !== undefined && { type: "run", run_id: run },
    agent !== undefined && { type: "agent", agent_id: agent },
    topic !== undefined && { type: "topic", topic_id: topic },
    pool !== undefined && { type: "pool", pool_id: pool },
  ].find((named) => named !== false);
  return { ...message, to: anything({ ...(target && { target }), ...rest, what_nobody_knows: 1 }) };
};

type Policies = NonNullable<RunMessageInput["policy_refs"]>;

type Step =
  | { readonly send: RunMessageInput }
  | { readonly join: string; readonly agent: string; readonly topics: string[]; readonly policies?: Policies }
  | { readonly leave: string }
  | { readonly flush: true };

interface Play {
  readonly poolId: string;
  readonly steps: readonly Step[];
  /** The time at a step. Logical time if left out. */
  readonly now?: (step: number) => number;
  readonly takesText: boolean;
  readonly hasSubscribe: boolean;
  readonly includesSender: boolean;
  /** What the source of ids returns on its n-th call. Seeded ids if left out. */
  readonly id?: (call: number) => unknown;
  /** What the ports return on their n-th call. An error is thrown instead. */
  readonly journalAnswer: (call: number) => unknown;
  readonly busAnswer: (call: number) => unknown;
}

/** JSON text in which wide integers are digits, as in the text that the core writes. */
function written(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? `\0${member}` : member));
  return text.replaceAll(/"\\u0000(\d+)"/g, "$1");
}

function answer(given: unknown): never {
  if (given instanceof Error) throw given;
  return anything(given);
}

/** Changes everything in an object that a host was given, which is the host's own. */
function spoil(value: object): void {
  for (const member of Object.values(value)) if (typeof member === "object" && member !== null) spoil(member);
  for (const name of Object.keys(value)) delete (value as Record<string, unknown>)[name];
}

interface Seen {
  readonly records: string[];
  readonly frames: string[];
  readonly outcomes: string[];
}

async function outcome(operation: Promise<unknown>): Promise<string> {
  try {
    return written((await operation) ?? null);
  } catch (error) {
    if (!(error instanceof AgentPoolError)) throw error;
    const { code, kind, retry, message, ids, cause } = error;
    return written({ code, kind, retry, message, ids, cause: String(cause) });
  }
}

/**
 * Everything that a host observes. The order between calls of the journal and calls of the bus is not compared, as it
 * is not promised.
 */
async function seen(play: Play, form: Form): Promise<Seen> {
  const [records, frames, outcomes]: [string[], string[], string[]] = [[], [], []];
  let step = 0;
  let drawn = 0;
  const append = (text: string): never => answer(play.journalAnswer(records.push(text) - 1));
  const publish = (text: string): never => answer(play.busAnswer(frames.push(text) - 1));
  const spoilt = (of: JournalRecord | EventFrame): string => {
    const text = written(of);
    spoil(of);
    return text;
  };
  const subscribe = play.hasSubscribe && { subscribe: (): EventFrame[] => [] };
  const { now, id } = play;
  const ports: Partial<AgentPoolOptions> = play.takesText
    ? { journal: { appendJson: append }, eventBus: { publishJson: publish, ...subscribe } }
    : {
        journal: (record) => append(spoilt(record)),
        eventBus: { publish: (frame) => publish(spoilt(frame)), ...subscribe },
      };
  const pool = await AgentPool.build({
    ...ports,
    poolId: play.poolId,
    ids: id === undefined ? seededIds(1) : () => answer(id((drawn += 1))),
    clock: now === undefined ? logicalClock() : () => now(step),
    messagePolicy: { include_sender_in_pool_broadcast: play.includesSender },
  });
  for (const taken of play.steps) {
    if ("send" in taken) outcomes.push(await outcome(pool.send(form(taken.send))));
    else if ("join" in taken) {
      const { join: run_id, agent: agent_id, topics, policies: policy_refs } = taken;
      outcomes.push(await outcome(pool.joinRun({ run_id, agent_id, topics, policy_refs })));
    } else if ("leave" in taken) outcomes.push(await outcome(pool.leaveRun(taken.leave)));
    else outcomes.push(await outcome(pool.flush()));
    // The ports' promises resolve before the next step, however many microtasks either path takes.
    for (let turn = 0; turn < 50; turn += 1) await undefined;
    step += 1;
  }
  outcomes.push(await outcome(pool.flush()), await outcome(pool.snapshot()));
  await pool.close({ timeoutMillis: 0 }).catch(() => undefined);
  return { records, frames, outcomes };
}

async function expectNoDifference(play: Play): Promise<Seen> {
  const [plain, full] = [await seen(play, asItIs), await seen(play, inFull)];
  for (const what of ["records", "frames", "outcomes"] as const) {
    // Compared one by one: together the texts are megabytes.
    full[what].forEach((text, index) => expect(plain[what][index]).toBe(text));
    expect(plain[what]).toHaveLength(full[what].length);
  }
  return plain;
}

const PLAY: Play = {
  poolId: "pool.team",
  steps: [],
  takesText: false,
  hasSubscribe: false,
  includesSender: false,
  journalAnswer: (call) => `place.${call}`,
  busAnswer: () => undefined,
};

const ODD = `'"\\/ </script>{}[],:"\\"`;
const UNICODE = "\u00e9\u65e5\u{1f4d3}\u2028\u2029\ufeff\ue000\ue105\"\\\",\"";
const RUNS = ["run.planner", "run.writer", `run.${ODD}`, `run.${UNICODE}`, "r".repeat(512), "\u65e5".repeat(170), "Z"];
const AGENTS = ["agent.planner", `agent.${ODD}`, `agent.${UNICODE}`, "a".repeat(512)];
const TOPICS = ["topic.drafts", `topic.${ODD}`, `topic.${UNICODE}`];
const POOLS = ["pool.team", `pool.${ODD}`, `pool.${UNICODE}`, "p".repeat(150), "\u65e5".repeat(150), "p".repeat(151)];
const IDS = ["message.a", "message.b", `message.${ODD}`, `message.${UNICODE}`, "m".repeat(493), "m".repeat(494), "x"];
const CONTENTS = ["content.a", `content.${ODD}`, "c".repeat(512), `content.${UNICODE}`, "c".repeat(513)];

function addressFor(random: Random, poolId: string): RunAddressInput {
  const [run, agent, topic] = [random.of(RUNS), random.of(AGENTS), random.of(TOPICS)];
  const pool = random.chance(0.9) ? poolId : "pool.other";
  const kind = random.below(4);
  if (random.chance(0.5)) return [{ run }, { agent }, { topic }, { pool }][kind]!;
  const target = [
    { type: "run", run_id: run } as const,
    { type: "agent", agent_id: agent } as const,
    { type: "topic", topic_id: topic } as const,
    { type: "pool", pool_id: pool } as const,
  ][kind]!;
  if (random.chance(0.5)) return { target };
  const id = [run, agent, topic, pool][kind]!;
  return {
    target,
    destination_ref: {
      kind: (["agent", "agent", "topic", "agent_pool"] as const)[kind]!,
      id,
      privacy: "content_refs_only",
      retention: random.chance(0.9) ? "host_policy" : "durable",
    },
    related_refs: [
      { kind: (["run", "agent", "topic", "agent_pool"] as const)[kind]!, id, privacy: "content_refs_only" },
    ],
  };
}

const POLICIES: Policies = [
  "policy.a",
  { kind: "permission", id: "policy.b" },
  { kind: "permission", id: `policy.${ODD}`, version: UNICODE },
];

/** What a message may have besides. */
function optionalFor(random: Random): Partial<RunMessageInput> {
  const entries = Array.from({ length: random.below(3) }, () => {
    return { key: random.of(["k", ODD, UNICODE]), value: random.of(["v", ODD, UNICODE]) };
  });
  return {
    ...(random.chance(0.5) && { correlation: random.chance(0.8) ? { entries } : {} }),
    ...(random.chance(0.5) && { reply_to: random.of(IDS) }),
    ...(random.chance(0.3) && { response_contract: { expected_responses: 2, timeout_millis: 2n ** 60n } }),
    ...(random.chance(0.2) && { expires_at_millis: random.of([0, 5, 2 ** 53 - 1, 2n ** 64n - 1n]) }),
    ...(random.chance(0.5) && { policy_refs: POLICIES.filter(() => random.chance(0.4)) }),
    ...(random.chance(0.1) && { reply_to: undefined }),
    ...(random.chance(0.1) && ({ policy_refs: random.of([[{}], ["a\nb"], "policy.a", null]) } as object)),
    ...(random.chance(0.1) && ({ what_nobody_knows: random.of([1, null, { a: [] }, 2n ** 70n]) } as object)),
  };
}

function messageFor(random: Random, poolId: string, optionals?: Partial<RunMessageInput>[]): RunMessageInput {
  // Few ids, so that many are used again.
  const id = random.chance(0.8) ? { message_id: random.of(IDS) } : {};
  const sameKey = "message_id" in id && random.chance(0.3) ? { idempotency_key: id.message_id } : {};
  const key = random.chance(0.5) ? { idempotency_key: random.of(IDS) } : sameKey;
  return {
    ...id,
    from: random.chance(0.9) ? random.of(RUNS) : "run.stranger",
    to: addressFor(random, poolId),
    content_ref: random.of(CONTENTS),
    ...(random.chance(0.5) && { correlation: {} }),
    ...key,
    ...(random.chance(0.5) && (optionals === undefined ? optionalFor(random) : random.of(optionals))),
  };
}

function playFor(random: Random): Play {
  const poolId = random.of(POOLS);
  const joins = RUNS.filter(() => random.chance(0.7)).map((join): Step => {
    const policies = random.chance(0.7) ? POLICIES : [];
    return { join, agent: random.of(AGENTS), topics: TOPICS.filter(() => random.chance(0.5)), policies };
  });
  // Few in one play, so that many messages have the same ones as the message before.
  const optionals = Array.from({ length: 1 + random.below(4) }, () => optionalFor(random));
  const steps = Array.from({ length: 30 }, (): Step => {
    if (random.chance(0.85)) return { send: messageFor(random, poolId, optionals) };
    if (random.chance(0.4)) return { leave: random.of(RUNS) };
    return random.chance(0.5) ? { join: random.of(RUNS), agent: random.of(AGENTS), topics: [] } : { flush: true };
  });
  const failing = random.chance(0.5) ? 0.2 : 0;
  const start = random.of([0, 1_709_251_199_000, 1_709_251_199_007, 253_402_300_799_998, 2 ** 53 - 2, 2 ** 60, 1e300]);
  const pace = random.of([1, 500, 1_000, 60_000]);
  const answers = (values: readonly unknown[], failures: readonly unknown[]): ((call: number) => unknown) => {
    const chosen = Array.from({ length: 400 }, () => random.of(random.chance(failing) ? failures : values));
    return (call) => chosen[call];
  };
  return {
    poolId,
    steps: [...joins, ...steps],
    takesText: random.chance(0.5),
    hasSubscribe: random.chance(0.5),
    includesSender: random.chance(0.5),
    ...(random.chance(0.5) && { now: (step) => start + step * pace }),
    journalAnswer: answers(
      [undefined, "place", `place.${ODD}`, `place.${UNICODE}`, "p".repeat(512), Promise.resolve("later"), Promise.resolve()],
      [new Error("full"), "", "p".repeat(513), "a\nb", "a\ud800", 5, null, Promise.resolve(5), failed("later")],
    ),
    busAnswer: answers([undefined, null, 5, Promise.resolve()], [new Error("deaf"), failed("later deaf")]),
  };
}

/** A rejected promise whose rejection counts as handled. */
function failed(message: string): Promise<never> {
  const promise = Promise.reject(new Error(message));
  promise.catch(() => undefined);
  return promise;
}

describe("a plain message leaves no other records, frames, receipts and errors than one in full", () => {
  it.each(Array.from({ length: 24 }, (_, seed) => seed))("in whatever a host does, by seed %i", async (seed) => {
    const random = new Random(seed);
    for (let round = 0; round < 5; round += 1) await expectNoDifference(playFor(random));
  });

  const team: Step[] = ["run.a", "run.b", "run.c"].map((join) => ({ join, agent: `agent.of.${join}`, topics: ["t"] }));
  const send = (message_id: string, to: RunAddressInput): Step => {
    return { send: { message_id, from: "run.a", to, content_ref: "content.a" } };
  };

  it.each([false, true])("over more than an hour of logical time (text: %s)", async (takesText) => {
    const sent = Array.from({ length: 1_900 }, (_, number) => send(`message.${number}`, { run: "run.b" }));
    const { frames } = await expectNoDifference({ ...PLAY, takesText, steps: [...team, ...sent] });
    expect(frames.at(-1)).toContain('"recorded_at":"1970-01-01T01:03:24Z"');
  });

  it.each([false, true])("to a thousand receivers (text: %s)", async (takesText) => {
    const many = Array.from({ length: 1_000 }, (_, number): Step => {
      return { join: `run.${number % 7 === 0 ? `${ODD}",` : ""}${number}`, agent: "agent.many", topics: [] };
    });
    const sent = [send("message.pool", { pool: "pool.team" }), send("message.agent", { agent: "agent.many" })];
    await expectNoDifference({ ...PLAY, takesText, steps: [...team, ...many, ...sent] });
  });

  it.each([false, true])("if the journal fails between its records, and it is sent again (text: %s)", async (takesText) => {
    const again = (named: object): Step => {
      return { send: anything({ from: "run.a", to: { run: "run.b" }, content_ref: "content.a", ...named }) };
    };
    const named = { message_id: "message.a", idempotency_key: "key.a" };
    const fails = (call: number): unknown => (call === 5 || call === 6 ? new Error("full") : `place.${call}`);
    for (const retry of [named, { message_id: "message.a" }, { idempotency_key: "key.a" }]) {
      const steps = [...team, again(named), again(retry), again(retry), again(retry)];
      const { outcomes } = await expectNoDifference({ ...PLAY, takesText, steps, journalAnswer: fails });
      expect(outcomes.filter((line) => line.includes("journal_rejected"))).toHaveLength(2);
    }
  });

  it.each([false, true])("if its id is made up, whatever the source of ids answers (text: %s)", async (takesText) => {
    const long = [485, 486, 504, 505].map((length) => "m".repeat(length));
    const texts = ["a", "a", ...long, ODD, UNICODE, "\u65e5".repeat(161), "\u65e5".repeat(162)];
    const refused = ["", "a\nb", "a\ud800", 5, null, undefined, new Error("no more"), failed("later")];
    const answers = [...texts, ...refused];
    const unnamed: Step = { send: { from: "run.a", to: { topic: "t" }, content_ref: "content.a" } };
    const steps = [...team, ...answers.map(() => unnamed), unnamed, unnamed];
    const { outcomes } = await expectNoDifference({
      ...PLAY,
      takesText,
      steps,
      id: (call) => (call <= answers.length ? answers[call - 1] : `id.${call}`),
    });
    const receipts = outcomes.filter((line) => line.includes('"status":"delivered"') && !line.includes('"members"'));
    expect(receipts).toHaveLength(texts.length + 2);
    expect(receipts.at(-1)).toContain(`"message_id":"message.id.${answers.length + 2}"`);
  });

  it("if its id is made up by somebody who sends another one meanwhile", async () => {
    let inner: Promise<unknown> = Promise.resolve();
    const records: JournalRecord[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: (record) => void records.push(record),
      ids: () => {
        inner = pool.send({ message_id: "message.inner", from: "run.b", to: { run: "run.b" }, content_ref: "inner" });
        return "outer";
      },
    });
    for (const run_id of ["run.a", "run.b"]) await pool.joinRun({ run_id, agent_id: "agent.a" });
    const outer = await pool.send({ from: "run.a", to: { run: "run.a" }, content_ref: "outer" });
    expect(outer).toMatchObject({ message_id: "message.outer", status: "delivered", delivered_to: ["run.a"] });
    expect(await inner).toMatchObject({ message_id: "message.inner", delivered_to: ["run.b"] });
    const sent = records.flatMap(({ payload }) => (payload.type === "run_message" ? [payload] : []));
    for (const { message_id, content_ref, source_run_id } of sent) {
      const isOuter = message_id === "message.outer";
      expect([content_ref, source_run_id]).toEqual(isOuter ? ["outer", "run.a"] : ["inner", "run.b"]);
    }
    expect(sent).toHaveLength(4);
  });

  it.each([false, true])("with the same optional members as the one before, or others (text: %s)", async (takesText) => {
    const have = [
      { policy_refs: POLICIES },
      { policy_refs: POLICIES, expires_at_millis: 2n ** 64n - 1n },
      { expires_at_millis: 2n ** 64n - 1n },
      { correlation: { entries: [{ key: "k", value: UNICODE }] }, reply_to: "message.0" },
      { correlation: { entries: Array.from({ length: 100 }, () => ({ key: "k", value: "v" })) } },
      { correlation: { entries: Array.from({ length: 7 }, () => ({ key: "k", value: "\u65e5".repeat(160) })) } },
      { policy_refs: anything([{}]) as Policies },
      {},
    ];
    const steps = team.map((step) => ({ ...step, policies: POLICIES }));
    const random = new Random(1);
    const sent = Array.from({ length: 400 }, (_, number): Step => {
      const message = { message_id: `message.${number}`, from: "run.a", to: { run: "run.b" }, content_ref: "content.a" };
      return { send: { ...message, ...random.of(have) } };
    });
    const { outcomes } = await expectNoDifference({ ...PLAY, takesText, steps: [...steps, ...sent] });
    expect(outcomes.filter((line) => line.includes("invalid_input")).length).toBeGreaterThan(10);
  });

  it.each([false, true])("with texts in any script, or cut in the middle of a character (text: %s)", async (takesText) => {
    const whole = ["\u00e9", "\u65e5", "\u{1f4d3}", "a\u{1f4d3}b", "\ufffd"];
    const cut = ["\ud83d", "a\ud83d", "\udcd3", "\udcd3b", "\udcd3\ud83d"];
    const texts = [...whole, ...cut];
    const members = (text: string) => ({ join: text, agent: text, topics: [text] });
    const random = new Random(1);
    const text = () => random.of(random.chance(0.8) ? whole : texts);
    const sent = Array.from({ length: 600 }, (_, number): Step => {
      const name = () => (random.chance(0.5) ? `${text()}${number}` : `${number}${text()}`);
      const [message_id, idempotency_key, from, to, content_ref] = [name(), name(), text(), text(), text()];
      const names = random.of([{ message_id }, { idempotency_key }, { message_id, idempotency_key }]);
      const target = random.of([
        { type: "run", run_id: to } as const,
        { type: "agent", agent_id: to } as const,
        { type: "topic", topic_id: to } as const,
      ]);
      return { send: { ...names, from, content_ref, to: { target } } };
    });
    const { outcomes } = await expectNoDifference({ ...PLAY, takesText, steps: [...whole.map(members), ...sent] });
    expect(outcomes.filter((line) => line.includes("is not well-formed Unicode")).length).toBeGreaterThan(100);
    expect(outcomes.filter((line) => line.includes('"status":"delivered"')).length).toBeGreaterThan(10);
  });

  it("with other optional members than one that its source of ids sends meanwhile", async () => {
    const policies = (name: string): Policies => [{ kind: "permission", id: `policy.${name}` }];
    let sentMeanwhile: RunMessageInput | undefined;
    const seen: (readonly [string, unknown])[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: ({ payload }) => {
        if (payload.type === "run_message") seen.push([payload.content_ref, payload.policy_refs]);
      },
      ids: () => {
        if (sentMeanwhile !== undefined) void pool.send(sentMeanwhile);
        return `id.${seen.length}`;
      },
    });
    for (const run_id of ["run.a", "run.b"]) {
      await pool.joinRun({ run_id, agent_id: "agent.a", policy_refs: [...policies("outer"), ...policies("inner")] });
    }
    const message = (name: string): RunMessageInput => {
      return { from: `run.a`, to: { run: "run.b" }, content_ref: name, policy_refs: policies(name) };
    };
    for (const hasInner of [false, true, false, true, false]) {
      sentMeanwhile = hasInner ? { ...message("inner"), message_id: `message.inner.${seen.length}` } : undefined;
      await pool.send(message("outer"));
    }
    await pool.flush();
    const { messages = [] } = await pool.snapshot();
    expect(messages).toHaveLength(7);
    for (const { message } of messages) seen.push([message.content_ref, message.policy_refs]);
    for (const [name, held] of seen) expect(held).toEqual(policies(name));
  });

  it("is taken for plain in these tests, and the one in full is not", () => {
    const random = new Random(1);
    let plain = 0;
    for (let round = 0; round < 1_000; round += 1) {
      const message = messageFor(random, "pool.team");
      plain += Number(readPlainMessage("pool.team", message) !== undefined);
      expect(readPlainMessage("pool.team", inFull(message))).toBeUndefined();
    }
    expect(plain).toBeGreaterThan(500);
  });
});

import { decode } from "./decode.js";
import type { RunLauncher } from "./ports.js";
import type { Later, Runtime } from "./runtime.js";
import type { RunRequest } from "./types/run.js";

/** Keeps the inputs of runs that are being started: an input never crosses, the core gets a number in place of it. */
export class RunInputs {
  readonly #inputs = new Map<number, unknown>();
  #last = 0;

  /** Keeps an input until the request was made use of; answers what stands for it. */
  keep(input: unknown): number {
    this.#last += 1;
    this.#inputs.set(this.#last, input);
    return this.#last;
  }

  /** Gives up an input, for whoever comes first. */
  take(token: number): unknown {
    const input = this.#inputs.get(token);
    this.#inputs.delete(token);
    return input;
  }
}

/** Starts runs through the host's launcher, as the core asks for it. */
export function hostRunLauncher<RunHandle>(
  runtime: Runtime,
  launcher: RunLauncher<RunHandle>,
  inputs: RunInputs,
): (requestText: string) => [RunHandle] | Later {
  return (requestText) => {
    const { input: token, ...request } = decode<RunRequest & { readonly input?: number }>(requestText);
    const started = token === undefined ? request : { ...request, input: inputs.take(token) };
    return runtime.callPort(
      () => launcher.start(started),
      (runHandle): [RunHandle] => [runHandle],
    );
  };
}

import { decode } from "./decode.js";
import type { Later } from "./later.js";
import type { RunLauncher } from "./ports.js";
import type { Runtime } from "./runtime.js";
import type { RunRequest } from "./types/run.js";

/**
 * Keeps the inputs of runs that are being started. An input never crosses to the core, which gets a number in its
 * place.
 */
export class RunInputs {
  readonly #inputs = new Map<number, unknown>();
  #last = 0;

  /** Keeps an input until the request is used. Returns the number that stands for it. */
  keep(input: unknown): number {
    this.#last += 1;
    this.#inputs.set(this.#last, input);
    return this.#last;
  }

  /** Returns an input and forgets it, so a second call gets nothing. */
  take(token: number): unknown {
    const input = this.#inputs.get(token);
    this.#inputs.delete(token);
    return input;
  }
}

/** Starts runs through the host's launcher when the core asks for it. */
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

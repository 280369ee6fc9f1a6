// Errors as a trace shows them.

import { AgentPoolError } from "../../pkg/dist/index.js";

/** @typedef {{ kind: string, retry?: string, message: string }} ErrorInTrace */

/** What a trace shows as an error. */
export class Failure extends Error {
  /** @param {ErrorInTrace} shown */
  constructor(shown) {
    super(shown.message);
    this.shown = shown;
  }

  /** @param {string} message */
  static malformed(message) {
    return new Failure({ kind: "Deserialize", message });
  }
}

/** @param {unknown} error */
export function isMalformed(error) {
  return error instanceof AgentPoolError && error.code === "invalid_input";
}

/**
 * @param {unknown} error
 * @returns {ErrorInTrace}
 */
export function shown(error) {
  if (error instanceof Failure) return error.shown;
  if (!(error instanceof AgentPoolError)) throw error;
  const { kind, retry, message } = error;
  return isMalformed(error) ? { kind: "Deserialize", message } : { kind, retry, message };
}

// The stores, journals and buses that a script names.

import { isMalformed } from "./failure.mjs";

/**
 * Instances of one kind, by name. An instance exists from its first mention.
 *
 * @template Instance
 */
export class Instances {
  /** @type {Map<string, Instance>} */
  #known = new Map();
  #make;

  /** @param {() => Instance} make */
  constructor(make) {
    this.#make = make;
  }

  /**
   * Uses an instance. A new instance is kept only if the mention turns out to be well-formed.
   *
   * @template Value
   * @param {string} name
   * @param {(instance: Instance) => Promise<Value>} use
   */
  async use(name, use) {
    const instance = this.#known.get(name) ?? this.#make();
    try {
      const value = await use(instance);
      this.#known.set(name, instance);
      return value;
    } catch (error) {
      if (!isMalformed(error)) this.#known.set(name, instance);
      throw error;
    }
  }

  /**
   * @param {(instance: Instance, name: string) => Promise<unknown>} show
   * @returns {Promise<{ [name: string]: unknown }>}
   */
  async shown(show) {
    const shown = [...this.#known].map(async ([name, instance]) => [name, await show(instance, name)]);
    return Object.fromEntries(await Promise.all(shown));
  }
}

import { decodeWide } from "../decode.js";

/** What has become of a promise after a given time. */
export type Timely<Value> =
  | { readonly state: "kept"; readonly value: Value }
  | { readonly state: "broken"; readonly cause: unknown }
  | { readonly state: "late" };

/** Calls a function, and waits at most this number of milliseconds for its outcome. */
export async function inTime<Value>(millis: number, call: () => Value | PromiseLike<Value>): Promise<Timely<Value>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Timely<Value>>((resolve) => {
    timer = setTimeout(resolve, millis, { state: "late" });
  });
  const settled = (async (): Promise<Timely<Value>> => {
    try {
      return { state: "kept", value: await call() };
    } catch (cause) {
      return { state: "broken", cause };
    }
  })();
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A text that is equal for equal data, whatever the order of the keys. */
export function canonical(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

/** Reads compact JSON text that a port was given, or holds. It has no mark if it has wide integers. */
export function decodeLine<Value>(text: string): Value {
  const mayBeWide = /[:,[]\d{16,}[,\]}]/.test(text);
  return (mayBeWide ? decodeWide(text) : JSON.parse(text)) as Value;
}

/** What a port holds, with texts parsed. A text that is not JSON stays as it is. */
export function heldData<Data extends object>(held: Iterable<Data | string>): (Data | string)[] {
  return Array.from(held, (each) => {
    if (typeof each !== "string") return each;
    try {
      return decodeLine<Data>(each);
    } catch {
      return each;
    }
  });
}

/**
 * Why a value is not a text of 1 to 512 bytes without control characters, as ids and cursors are; `undefined` if it is
 * one.
 */
export function whyNoText(value: unknown): string | undefined {
  if (typeof value !== "string") return value === null ? "null" : `of the type ${typeof value}`;
  const bytes = new TextEncoder().encode(value).length;
  if (bytes < 1 || bytes > 512) return `a text of ${bytes} bytes`;
  if (/\p{Cc}/u.test(value)) return "a text with a control character";
  if (/\p{Surrogate}/u.test(value)) return "a text with half a surrogate pair";
  return undefined;
}

/** Looks repeatedly, for at most this number of milliseconds, until there is enough; returns what is there then. */
export async function until<Value>(
  millis: number,
  look: () => Promise<Value>,
  isEnough: (value: Value) => boolean,
): Promise<Value> {
  const deadline = Date.now() + millis;
  for (;;) {
    const value = await look();
    if (isEnough(value) || Date.now() >= deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

import { decode } from "../decode.js";

/** What came of a promise in a given time. */
export type Timely<Value> =
  | { readonly state: "kept"; readonly value: Value }
  | { readonly state: "broken"; readonly cause: unknown }
  | { readonly state: "late" };

/** Calls, and waits so many milliseconds for what comes of it. */
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

/** The same text for the same data, whatever the order of its keys. */
export function canonical(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

/** What a port holds, with its texts read; one that is no JSON stays as it is. */
export function heldData<Data extends object>(held: Iterable<Data | string>): (Data | string)[] {
  return Array.from(held, (each) => {
    if (typeof each !== "string") return each;
    try {
      return decode<Data>(each);
    } catch {
      return each;
    }
  });
}

/** What a value is that is no text of 1 to 512 bytes without control characters, as ids and cursors are. */
export function whyNoText(value: unknown): string | undefined {
  if (typeof value !== "string") return value === null ? "null" : `of the type ${typeof value}`;
  const bytes = new TextEncoder().encode(value).length;
  if (bytes < 1 || bytes > 512) return `a text of ${bytes} bytes`;
  if (/\p{Cc}/u.test(value)) return "a text with a control character";
  if (/\p{Surrogate}/u.test(value)) return "a text with half a surrogate pair";
  return undefined;
}

/** Looks time and again, for so many milliseconds, until what is there is enough; answers what is there then. */
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

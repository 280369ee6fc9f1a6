// The classes of the platform, as the declarations name them. TypeScript knows these classes only with the library
// `DOM` or the types of Node; without either, their names would be errors in the declarations, or silently `any`.

/** The instances of a global class, if TypeScript knows the class; otherwise the members that are needed of them. */
type InstanceOf<Name extends string, Needed> = typeof globalThis extends {
  [Key in Name]: { prototype: infer Instance };
}
  ? Instance
  : Needed;

/** `URL`; where TypeScript does not know of it, the members that tell one from other objects. */
export type PlatformUrl = InstanceOf<"URL", UrlParts>;

/** `Response`; where TypeScript does not know of it, the members that this package reads. */
export type PlatformResponse = InstanceOf<"Response", ResponseParts>;

/** `AbortSignal`; where TypeScript does not know of it, the members that this package needs. */
export type PlatformAbortSignal = InstanceOf<"AbortSignal", AbortSignalParts>;

interface UrlParts {
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly pathname: string;
}

interface ResponseParts {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface AbortSignalParts {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

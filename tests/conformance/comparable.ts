// How a trace is compared with the recorded trace.

/** Everything must be equal except for the messages of errors. */
export function comparable(trace: unknown): unknown {
  const {
    results,
    open_errors = {},
    ...rest
  } = trace as {
    results: { err?: { message: string } }[];
    open_errors?: { [handle: string]: { message: string } };
  };
  const untold = <Shown extends { message: string }>(shown: Shown) => ({ ...shown, message: undefined });
  return {
    ...rest,
    results: results.map((result) => (result.err === undefined ? result : { err: untold(result.err) })),
    open_errors: Object.fromEntries(Object.entries(open_errors).map(([handle, error]) => [handle, untold(error)])),
  };
}

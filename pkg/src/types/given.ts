/**
 * Data of the full form as it may be given: lists may be read-only, and a field that may be left out may also be
 * `undefined`.
 */
export type Given<Data> = Data extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Data extends object
    ? {
        readonly [Field in keyof Data]: Partial<Pick<Data, Field>> extends Pick<Data, Field>
          ? Given<Data[Field]> | undefined
          : Given<Data[Field]>;
      }
    : Data;

/** An object that has none of these fields or methods. */
export type Without<Names extends string> = { readonly [Name in Names]?: undefined };

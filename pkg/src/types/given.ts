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

/** One of the fields of an object type, and none of the others. */
export type ExactlyOneOf<Fields> = {
  readonly [Field in keyof Fields]: Pick<Fields, Field> & {
    readonly [Other in Exclude<keyof Fields, Field>]?: undefined;
  };
}[keyof Fields];

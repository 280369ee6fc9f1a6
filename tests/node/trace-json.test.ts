import { describe, expect, it } from "vitest";

import { parse, stringify } from "../conformance/json.mjs";

describe("the JSON of scripts and traces", () => {
  it("keeps integers that JSON.parse would round", () => {
    const text = '{"a":[18446744073709551615,-9007199254740993,9007199254740991],"b":"18446744073709551615"}';
    expect(parse(text)).toEqual({
      a: [18446744073709551615n, -9007199254740993n, Number.MAX_SAFE_INTEGER],
      b: "18446744073709551615",
    });
    expect(stringify(parse(text))).toBe(text);
  });

  it("is otherwise what JSON.parse and JSON.stringify say", () => {
    const text = ' { "z" : [ ] , "a" : { } , "\\u00e9\\"" : [ null , true , false , -1.5 , "\\\\", "" ] } ';
    expect(parse(text)).toEqual(JSON.parse(text));
    expect(stringify(parse(text))).toBe('{"a":{},"z":[],"é\\"":[null,true,false,-1.5,"\\\\",""]}');
  });

  it.each(["1.0", "-0", "1e2", "0.0"])("makes %s, which is not written as whole, what no field takes", (text) => {
    expect(parse(text)).toEqual([[]]);
  });

  it.each(["", "[", "{]", "[1 2]", '{"a" 1}', '{"a":1,}', "nul", "1 2", "[,]"])("does not take %j for JSON", (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });
});

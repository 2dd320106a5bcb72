import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { showValue } from "../../../cli/measure/write-documents.ts";

describe("documents as text", () => {
  test("JSON reads back the value", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(JSON.parse(showValue(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });

  test("keys without a value are left out, what fits has one line, what does not is indented", () => {
    const fact = { value: "1 MiB", note: undefined };
    expect(showValue(fact)).toBe('{ "value": "1 MiB" }');
    expect(showValue({ fact, text: "x".repeat(150), list: [] })).toBe(`{\n  "fact": { "value": "1 MiB" },\n  "text": "${"x".repeat(150)}",\n  "list": []\n}`);
  });
});

import { describe, expect, it } from "vitest";
import { transformerParameterNames, transformerParameters } from "../../../model/cost/transformer/parameters.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { stackParameterNames, stackParameters } from "../../../model/schema/stack-parameters.ts";

const example = { "1": 0.5, s: "1 ms", B: "2 B" } as const;
const parameters = Object.fromEntries(stackParameterNames.map((name) => [name, { value: example[stackParameters[name].unit], kind: "assumed", low: stackParameters[name].unit === "1" ? 0.1 : `0.1 ${stackParameters[name].unit}`.replace("0.1 s", "0.1 ms"), high: stackParameters[name].unit === "1" ? 2 : stackParameters[name].unit === "s" ? "10 ms" : "4 B" }]));
const stack = { id: "framework-2024", title: "A framework", kind: "transformer", source: "judgement", family: "framework", parameters };

describe("stack documents of kind transformer", () => {
  it("state every parameter that runs of a stack share, in SI", () => {
    expect(stackParameterNames).toEqual(transformerParameterNames.filter((name) => transformerParameters[name].scope === "stack"));
    const { document, problems } = parseDocument("stack", stack, "stacks/framework-2024");
    expect(problems).toEqual([]);
    expect(document).toMatchObject({ parameters: { tensorSkew: { value: 1e-3, low: 1e-4, high: 1e-2 }, gradientBytes: { value: 2 } } });
  });

  it("say which parameter is missing, misspelt or without unit", () => {
    const { tensorSkew: _, ...rest } = parameters;
    const { problems } = parseDocument("stack", { ...stack, parameters: { ...rest, tensorSkw: "1 ms", fixed: 4 } }, "stacks/framework-2024");
    expect(problems.map(({ code, path }) => `${code} ${path}`).toSorted()).toEqual(["missing-unit stacks/framework-2024: parameters.fixed", "unknown-key stacks/framework-2024: parameters.tensorSkw", "wrong-value stacks/framework-2024: parameters.tensorSkew"]);
    expect(problems.find(({ code }) => code === "unknown-key")?.hint).toContain("tensorSkew");
  });

  it("a stack without kind is asked for one", () => {
    const { kind: _, ...rest } = stack;
    expect(parseDocument("stack", rest, "x").problems).toEqual([expect.objectContaining({ code: "missing-key", expected: "one of layers, transformer" })]);
  });
});

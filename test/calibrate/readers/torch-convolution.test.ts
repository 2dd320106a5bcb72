import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { torchConvolution } from "../../../calibrate/readers/torch-convolution.ts";

const tiny = readFileSync(new URL("../../fixtures/torch-convolution/tiny.jsonl", import.meta.url), "utf8");
const host = tiny.split("\n")[0]!;
const forward = tiny.split("\n").find((line) => line.includes('"forward"') && line.includes('"fp16"'))!;
const readWith = (...lines: string[]) => torchConvolution.read([host, ...lines].join("\n"));

describe("tables of convolution_table.py", () => {
  it("accepts the program's own files by their first line", () => {
    expect(torchConvolution.accepts(tiny.slice(0, 4096), "")).toBe(true);
    expect(torchConvolution.accepts(host.replace("convolution_table.py", "train_step.py") + "\n", "")).toBe(false);
    expect(torchConvolution.accepts("Precision,Float\n", "x.jsonl")).toBe(false);
    expect(torchConvolution.accepts("", "")).toBe(false);
  });

  it("reads every line the program wrote, by precision, and keeps depth-wise kernels apart", () => {
    const table = torchConvolution.read(tiny);
    expect(table.problems).toEqual([]);
    expect(table.host?.torch).toMatch(/^\d+\.\d+/);
    expect(table.tables.map(({ precision, convolutions, depthwise, products, excluded }) => [precision, convolutions.length, depthwise.length, products.length, excluded])).toEqual([
      ["fp32", 6, 3, 1, []],
      ["fp16", 6, 3, 1, []],
    ]);
    expect(table.memory).toHaveLength(6);
    expect(table.launches.map(({ mode }) => mode)).toEqual(["eager"]);
    expect(table.tables[0]?.convolutions[0]).toMatchObject({
      application: "tiny", pass: "forward", shape: { batch: 2, inChannels: 8, outChannels: 16, inSize: [12, 10], outSize: [12, 10], kernel: [3, 3], stride: 1, dilation: 1, groups: 1 },
    });
    expect(table.tables[1]?.depthwise[0]?.shape).toMatchObject({ groups: 8, dilation: 2, inSize: [8, 8] });
  });

  it("leaves out results that rounding does not explain, and counts what was not measured", () => {
    const withError = (error: string) => forward.replace(/,"error":[^}]*/, error);
    const failed = '{"kind":"failed","precision":"fp16","reason":"x"}';
    const wrong = readWith(withError(',"error":0.5'), withError(',"error":null'), withError(',"error":0.0004'), withError(""), failed, '{"kind":"not-reached","precision":"fp16","shapes":7}');
    expect(wrong.problems).toEqual([]);
    expect(wrong.tables[0]?.convolutions.map(({ line }) => line)).toEqual([4, 5]);
    expect(wrong.tables[0]?.excluded).toEqual([
      { rule: "wrong-result", count: 2 },
      { rule: "failed", count: 1 },
      { rule: "not-reached", count: 7 },
    ]);
  });

  it.each([
    ["{", "a JSON object"],
    ["[1]", "a JSON object"],
    [forward.replace(/"median":[^,]*/, '"median":-1'), "a positive median time"],
    [forward.replace(/"median":[^,]*/, '"median":null'), "a positive median time"],
    [forward.replace('"fp16"', '"fp12"'), "a known precision"],
    [forward.replace('"forward"', '"sideways"'), "a pass and the whole numbers of a shape"],
    [forward.replace(/"outSize":\[\d+,/, '"outSize":['), "a pass and the whole numbers of a shape"],
    [forward.replace('"kind":"convolution"', '"kind":"step"'), "host, convolution, product, memory, launch, failed or not-reached as kind"],
  ])("says where a line is not understood: %s", (line, expected) => {
    const table = readWith("", line);
    expect(table.problems).toEqual([{ line: 3, got: line.slice(0, 120), expected }]);
    expect(table.tables.flatMap(({ convolutions }) => convolutions)).toEqual([]);
  });

  it("says that a file is of another program", () => {
    expect(torchConvolution.read("a,b\n").problems[0]).toMatchObject({ line: 1, expected: "the host line of convolution_table.py" });
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deepbench } from "../../../calibrate/readers/deepbench.ts";

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/deepbench/${name}`, import.meta.url), "utf8");

describe("DeepBench sheets", () => {
  it("accepts a results sheet by its text alone, and nothing else", () => {
    expect(deepbench.accepts(fixture("width-first.csv").slice(0, 4096), "")).toBe(true);
    expect(deepbench.accepts(fixture("height-first.csv").slice(0, 4096), "")).toBe(true);
    expect(deepbench.accepts("CPU Model,Xeon\nGPU Model,NVIDIA V100\n", "v100_results_fp32.csv")).toBe(false);
    expect(deepbench.accepts("", "")).toBe(false);
  });

  it("reads convolutions, passes and applications with the filter's width first", () => {
    const table = deepbench.read(fixture("width-first.csv"));
    expect(table.problems).toEqual([]);
    expect(table.precision).toBe("16 bit inputs, 32 bit addition");
    expect(table.convolutions.map(({ line, application, pass, time_s }) => [line, application, pass, time_s])).toEqual([
      [7, "Speech", "forward", 5e-5],
      [7, "Speech", "weight-gradient", 1e-4],
      [8, "Vision", "forward", 2e-4],
      [8, "Vision", "data-gradient", 2.5e-4],
      [8, "Vision", "weight-gradient", 3e-4],
      [9, "Vision", "forward", 4e-4],
      [9, "Vision", "data-gradient", 5e-4],
      [9, "Vision", "weight-gradient", 6e-4],
    ]);
    expect(table.convolutions[0]!.shape).toEqual({
      batch: 4, inChannels: 1, outChannels: 32, inSize: [40, 100], outSize: [18, 41], kernel: [5, 20], stride: 2, dilation: 1, groups: 1, transposed: false,
    });
  });

  it("reads products, counts the blocks it does not read, and recomputes output sizes", () => {
    const table = deepbench.read(fixture("width-first.csv"));
    expect(table.products).toEqual([
      { line: 3, m: 1024, n: 32, k: 512, time_s: 2e-5 },
      { line: 4, m: 1024, n: 64, k: 512, time_s: 0.03 / 1000 },
    ]);
    expect(table.notRead).toEqual([{ block: "Recurrent Layers - LSTM", rows: 2 }]);
    expect(table.excluded).toEqual([{ rule: "not-measured", count: 1 }]);
    expect(table.recomputedOutputs).toBe(1);
  });

  it("reads the filter's height first where the header says so, and drops nothing without a word", () => {
    const table = deepbench.read(fixture("height-first.csv"));
    expect(table.convolutions[0]!.shape).toMatchObject({ inSize: [40, 100], outSize: [18, 41], kernel: [5, 20] });
    expect(table.excluded).toEqual([
      { rule: "first-layer-data-gradient", count: 1 },
      { rule: "not-measured", count: 1 },
    ]);
    expect(table.problems.map(({ line, expected }) => [line, expected])).toEqual([
      [4, "M, N, K and a time"],
      [9, "a positive time in column wrtinputs(msec)"],
      [9, "a positive time in column wrtparameters(msec)"],
      [10, "whole numbers for the kernel's shape"],
      [11, "equal strides"],
      [12, "sizes of 1 or more"],
    ]);
  });

  it("says that a file is no sheet, or that it ends before its header, instead of returning nothing", () => {
    expect(deepbench.read("a,b\n1,2\n").problems[0]).toMatchObject({ line: 1, expected: "a DeepBench results sheet" });
    const cut = fixture("width-first.csv").replace(/pad_w/, "padding");
    expect(deepbench.read(cut).problems[0]).toMatchObject({ line: 6, expected: "columns padw" });
  });
});

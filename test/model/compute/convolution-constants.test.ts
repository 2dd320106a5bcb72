import { describe, expect, it } from "vitest";
import { constantKeys, readConvolutionConstants } from "../../../model/compute/convolution-constants.ts";
import { constants } from "./shapes.ts";

const stored = Object.fromEntries(Object.entries(constants).map(([name, value]) => [constantKeys[name as keyof typeof constants], { value: name === "launch_s" ? "20 us" : value }]));

describe("convolution constants in a document", () => {
  it("reads every constant, the launch as a quantity", () => {
    const read = readConvolutionConstants(stored);
    expect(read.missing).toEqual([]);
    expect(read.constants.launch_s).toBeCloseTo(20e-6, 15);
    expect({ ...read.constants, launch_s: 20e-6 }).toEqual(constants);
  });

  it("names what is missing or no positive number", () => {
    const { kRamp: _, ...rest } = stored;
    expect(readConvolutionConstants({ ...rest, launch: { value: "20 GB" }, layoutCopy: { value: 0 } }).missing).toEqual(["kRamp", "launch", "layoutCopy"]);
  });
});

/** Aurora from documents to text: what its tiles take from each other, and both sides of a step by name. */
import { describe, expect, it } from "vitest";
import { run, runJson } from "./harness.ts";

describe("Aurora", () => {
  it("a transformer's step takes longer where tiles slow each other down", async () => {
    const step = async (value: number) => {
      const words = ["predict", "aurora", "llama2-7b", "--gpus", "12", "--set", `machine.node.productSharing.bf16=${value}`];
      return (await runJson<{ points: Array<{ stepTime_s: { value: number } }> }>(words)).points[0]?.stepTime_s.value ?? 0;
    };
    const [alone, beside] = [await step(1), await step(1.2352)];
    expect(beside / alone).toBeGreaterThan(1.1);
    expect(beside / alone).toBeLessThan(1.2352);
  });

  it("explain tells scale-up by oneDNN and scale-out by oneCCL on lines of their own", async () => {
    const { code, stdout } = await run(["explain", "aurora", "cosmictagger-a21", "--plan", "cosmictagger-12-tf32", "--stack", "pytorch-oneccl-2024", "--gpus", "120"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}Scale-up \(oneDNN\): /m);
    expect(stdout).toMatch(/^ {2}Scale-out \(oneccl\): /m);
  });
});

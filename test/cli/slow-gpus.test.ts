/** --slow-gpus: what a share of slow GPUs costs, of both kinds of prediction; and what a word that is none gets. */
import { describe, expect, it } from "vitest";
import { slowGpuChanges, withoutSlowGpus } from "../../cli/host/slow-gpus.ts";
import { InputError } from "../../model/problems.ts";
import { run } from "./harness.ts";

describe("--slow-gpus", () => {
  it.each([
    ["a network of layers", ["predict", "summit-deeplabv3plus-fp16-2018", "--gpus", "1536", "--slow-gpus", "1%=1.1"]],
    ["a transformer", ["predict", "selene", "gpt-1t", "--slow-gpus", "1%=1.1"]],
  ])("says what they cost %s", async (_, words) => {
    const { code, stdout, stderr } = await run(words);
    expect(code).toBe(0);
    const [, share] = /Slow GPUs cost: \S+ m?s a step, (\S+) %/.exec(stderr.replaceAll(/\s+/g, " ")) ?? [];
    expect(Number(share)).toBeGreaterThan(4);
    expect(Number(share)).toBeLessThanOrEqual(10);
    expect(stdout).toContain("machine.slowDevices.share=1%");
  });

  it("is two changes, and leaves the others alone", () => {
    expect(slowGpuChanges("1%=1.1")).toEqual(["machine.slowDevices.share=1%", "machine.slowDevices.slowdown=1.1"]);
    expect(slowGpuChanges(undefined)).toEqual([]);
    expect(withoutSlowGpus({ run: "x", changes: { "machine.slowDevices.share": "1%", "plan.gradientLag": 0 } })).toEqual({ run: "x", changes: { "plan.gradientLag": 0 } });
  });

  it.each(["1%", "=1.1", "1%=", "a=b=c"])("refuses %s and names the form", (text) => {
    expect(() => slowGpuChanges(text)).toThrow(InputError);
  });

  it("tells a share that is none with its path", async () => {
    const { code, stderr } = await run(["predict", "summit-deeplabv3plus-fp16-2018", "--slow-gpus", "120%=0.5"]);
    expect(code).toBe(1);
    expect(stderr).toContain("slowDevices.share");
    expect(stderr).toContain("slowDevices.slowdown");
  });

  it("are drawn by simulate, of a transformer as well, and the two engines are told beside each other", async () => {
    const { code, stdout } = await run(["simulate", "selene", "gpt3-175b", "--slow-gpus", "1%=1.2", "--draws", "6"]);
    expect(code).toBe(0);
    const [, off] = /closed form: .* (−?-?[\d.]+) % from it/.exec(stdout) ?? [];
    expect(Math.abs(Number(off?.replace("−", "-")))).toBeLessThan(8);
    const wrong = await run(["simulate", "selene", "gpt3-175b", "--slow-node", "1.2", "--failed-link", "x"]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("machine.slowNodes.count=1");
    expect(wrong.stderr).toContain("--failed-link");
  });
});

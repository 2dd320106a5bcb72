/** Traces as steps of measured operations: what is taken, what is told, and what is refused. */
import { describe, expect, it } from "vitest";
import { stepOfNodes, collectChakraStep } from "../../../calibrate/traced/chakra-step.ts";
import { collectKinetoStep } from "../../../calibrate/traced/kineto-step.ts";
import type { Collected, CollectedStep } from "../../../calibrate/traced/trace-collector.ts";
import type { ChakraNode } from "../../../calibrate/readers/traces/chakra-node.ts";
import { fixtureFolder, load } from "../../support/log-files.ts";

const kineto = (text: string): Collected => {
  const collector = collectKinetoStep();
  for (let at = 0; at < text.length; at += 777) collector.write(text.slice(at, at + 777));
  return collector.end();
};
const fixture = (name: string): string => Buffer.from(load(fixtureFolder, `kineto/${name}.json`).bytes).toString("utf8");
const taken = ({ collected, problems }: Collected): CollectedStep => {
  expect(problems).toEqual([]);
  if (!collected) throw new Error("no step");
  return collected;
};

describe("a step of a Kineto trace", () => {
  it("holds the work of one step with its streams, moments and collectives", () => {
    const { step, name, steps, device, assumed } = taken(kineto(fixture("current")));
    expect([name, steps, device, step.ranks]).toEqual(["3", 2, "NVIDIA H100 80GB HBM3", 8]);
    expect(step.step_s).toBeCloseTo(1e-3, 12);
    expect(step.operations.map(({ stream, work, start_s, time_s }) => [stream, work, Math.round((start_s ?? -1) * 1e6), Math.round(time_s * 1e6)])).toEqual([
      ["7", "compute", 100, 300], ["20", "communication", 300, 250], ["20", "communication", 700, 50], ["7", "compute", 560, 100], ["8", "copy", 600, 100], ["7", "copy", 50, 10],
    ]);
    expect(step.operations[1]?.collective).toMatchObject({ operation: "all-reduce", bytes: 2e6, groupSize: 8 });
    expect(assumed).toEqual([]);
  });

  it("is the whole span where no steps are named, and says what else is open", () => {
    const { name, step, assumed } = taken(kineto(fixture("capitals")));
    expect(name).toBe("the whole trace");
    expect(step.step_s).toBeCloseTo(270e-6, 12);
    expect(assumed.join("\n")).toMatch(/names no steps[^]*of how many ranks[^]*name no group[^]*inference/);
  });

  it("of several is the one of median length, without the first", () => {
    const steps = [[0, 900], [1000, 100], [2000, 300], [3000, 200]].map(([from, time], index) => [
      { cat: "user_annotation", name: `ProfilerStep#${index}`, ts: from, dur: time, ph: "X" },
      { cat: "kernel", name: "k", ts: (from ?? 0) + 10, dur: 50, ph: "X", args: { device: 0, stream: 7 } },
    ]);
    expect(taken(kineto(JSON.stringify({ schemaVersion: 1, traceEvents: steps.flat() }))).name).toBe("3");
  });

  it("is refused of a trace that is cut off, or of the host alone", () => {
    expect(kineto(fixture("cut-off")).problems[0]?.expected).toMatch(/cut off/);
    expect(kineto(fixture("host-only")).problems[0]?.expected).toMatch(/host alone/);
  });
});

describe("a step of a Chakra trace", () => {
  const node = (id: number, more: Partial<ChakraNode>): ChakraNode => ({ id, name: "gemm", kind: "compute", dependencies: [], start_us: undefined, time_us: 10, onHost: false, operation: undefined, bytes: undefined, flop: undefined, stream: undefined, group: undefined, ...more });

  it("follows dependencies through calls of the host", () => {
    const { step } = taken(stepOfNodes([node(1, {}), node(2, { onHost: true, dependencies: [1] }), node(3, { onHost: true, dependencies: [2] }), node(4, { kind: "collective", operation: "all-gather", bytes: 100, dependencies: [3] })], 4));
    expect(step.operations.map(({ after }) => after)).toEqual([[], [0]]);
    // Four parts of a hundred bytes.
    expect(step.operations[1]?.collective).toEqual({ operation: "all-gather", bytes: 400, groupSize: undefined });
  });

  it("survives circles, and refuses nodes without durations", () => {
    expect(taken(stepOfNodes([node(1, { dependencies: [2] }), node(2, { onHost: true, dependencies: [3] }), node(3, { onHost: true, dependencies: [2, 1] })])).step.operations).toHaveLength(1);
    expect(stepOfNodes([node(1, { time_us: 0 })]).problems[0]?.expected).toMatch(/measured times/);
  });

  it("has moments where the binary trace has them", () => {
    const collector = collectChakraStep();
    collector.write(load(fixtureFolder, "chakra/current.et").bytes);
    const { step } = taken(collector.end());
    expect(step.operations.map(({ start_s }) => Math.round((start_s ?? -1) * 1e6))).toEqual([0, 200, 600, 700]);
    expect(step.step_s).toBeCloseTo(800e-6, 12);
    const cut = collectChakraStep();
    cut.write(load(fixtureFolder, "chakra/cut-off.et").bytes);
    expect(cut.end().problems[0]?.expected).toMatch(/cut off/);
  });
});

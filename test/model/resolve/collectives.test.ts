import { describe, expect, it } from "vitest";
import { collectiveTime } from "../../../model/network/library/index.ts";
import { InputError, showProblem } from "../../../model/problems.ts";
import { prepare, variant } from "../../../model/predict/prepare.ts";
import { outputsAt } from "../../../model/predict/outputs.ts";
import { collectivePath, findCollectives, makeCollectiveTiming, withCollective, type FoundCollectives } from "../../../model/resolve/collectives.ts";
import { resolveScenario } from "../../../model/resolve/resolve.ts";
import { isCollectiveCalibration, type Calibration, type CollectiveCalibration } from "../../../model/schema/calibration.ts";
import { library, predictRun, scenarioOf } from "../../support/library.ts";

const run = "perlmutter-deepcam-2023";
const asked = { "stack.collective.library": "nccl", "stack.collective.algorithm": "auto" };
const { machine: perlmutter, calibrations } = scenarioOf(run);
const byId = (id: string): CollectiveCalibration => {
  const found = calibrations.find((one) => one.id === id);
  if (!found || !isCollectiveCalibration(found)) throw new Error(id);
  return found;
};
const valueOf = (found: FoundCollectives | null, path: string) => found?.parameters.find((one) => collectivePath(one) === path);
const polaris = byId("collective-polaris");

describe("which calibrations time a machine's collectives", () => {
  it("none where no library is named, or one whose rules choose among closed forms", () => {
    expect(findCollectives(perlmutter, calibrations, undefined)).toBeNull();
    expect(findCollectives(perlmutter, calibrations, "gloo")).toBeNull();
  });

  it("those over the same generation of links, the rate as a share of the ports", () => {
    const found = findCollectives(perlmutter, calibrations, "nccl");
    const hop = valueOf(found, "collectives.across.hop_s");
    expect(hop?.value).toBeCloseTo(Number(polaris.parameters["hop_s"]?.value), 12);
    expect(hop?.standardError).toBeGreaterThan(Number(polaris.parameters["hop_s"]?.standardError));
    expect(hop?.source).toBe(polaris.title);
    expect(valueOf(found, "collectives.inside.start_s")?.source).toBe(byId("collective-dgx-a100-all-reduce").title);
    // Polaris has ports of 50 GB/s a node, Perlmutter of 100.
    const timing = makeCollectiveTiming(perlmutter, { library: "nccl", algorithm: "auto" }, found);
    expect(timing.protocols?.across.rate_bytes_per_s).toBeCloseTo((36.04e9 * 100) / 50, -8);
    expect(timing.protocols?.inside.rate_bytes_per_s).toBeCloseTo(232.7e9, -8);
    expect(timing.protocols?.ringFrom_nodes).toBe(2);
  });

  it("those of the machine itself before any other, with their own error alone", () => {
    const own: Calibration = { ...polaris, id: "own", title: "Own", scope: { ...polaris.scope, machine: perlmutter.id, fabric: "another" } };
    const hop = valueOf(findCollectives(perlmutter, [...calibrations, own], "nccl"), "collectives.across.hop_s");
    expect(hop).toMatchObject({ source: "Own", standardError: polaris.parameters["hop_s"]?.standardError, note: "fitted on this machine" });
  });

  it("all of the library where no links are alike, at the rate that the machine document says a collective reaches", () => {
    const strange = { ...perlmutter, fabric: { ...perlmutter.fabric, technology: "string" } };
    const found = findCollectives(strange, calibrations, "nccl");
    expect(valueOf(found, "collectives.across.start_s")?.source.split("; ")).toHaveLength(5);
    expect(valueOf(found, "collectives.across.rateShare")).toBeUndefined();
    expect(makeCollectiveTiming(strange, { library: "nccl", algorithm: "auto" }, found).protocols?.across.rate_bytes_per_s).toBe(perlmutter.node.injection.value * perlmutter.fabric.efficiency.value);
    const starts = calibrations.filter(isCollectiveCalibration).filter(({ scope }) => scope.library === "nccl" && scope.line_bytes_per_s !== undefined).map(({ parameters }) => Number(parameters["start_s"]?.value));
    expect(valueOf(found, "collectives.across.start_s")?.value).toBeCloseTo(starts.reduce((product, one) => product * one, 1) ** (1 / starts.length), 9);
    // One library has no times in one node: those of all stand in.
    expect(valueOf(findCollectives(strange, calibrations, "rccl"), "collectives.inside.start_s")?.source.split("; ")).toHaveLength(2);
  });

  it("says all that is missing where there is none", () => {
    const ask = () => findCollectives(perlmutter, [], "nccl");
    expect(ask).toThrow(InputError);
    expect(ask).toThrow(/groups in one node[\s\S]*groups over several nodes/);
  });

  it("replaces one value and leaves the others", () => {
    const found = findCollectives(perlmutter, calibrations, "nccl")!;
    const changed = withCollective(found, "collectives.across.hop_s", 1);
    expect(changed.parameters.filter((one, index) => one.value !== found.parameters[index]?.value).map(collectivePath)).toEqual(["collectives.across.hop_s"]);
  });
});

describe("a stack that names its library", () => {
  it("may leave the choice to it, and asks it only for what it has", () => {
    const problems = (changes: Record<string, string>) => resolveScenario(library, { run, changes }).problems.map(showProblem);
    expect(problems(asked)).toEqual([]);
    expect(problems({ "stack.collective.algorithm": "auto" })).toEqual([expect.stringContaining("collective.algorithm: got \"auto\", expected hierarchical, ring, tree or parameter-server")]);
    expect(problems({ "stack.collective.library": "nccl", "stack.collective.algorithm": "hierarchical" })).toEqual([expect.stringContaining("nccl has no hierarchical all-reduce")]);
    expect(problems({ "stack.collective.library": "ncll" })).toEqual([expect.stringContaining("did you mean \"nccl\"?")]);
  });

  it("has the fitted parameters among its inputs, with source and what they move", () => {
    const { inputs, notes, points } = predictRun(run, asked);
    const fitted = inputs.filter(({ path }) => path.startsWith("collectives."));
    expect(fitted).toHaveLength(17);
    for (const { kind, source, low, high, value } of fitted) {
      expect(kind).toBe("calibrated");
      expect(source).toMatch(/nccl$/);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(fitted.filter(({ used }) => used).map(({ path }) => path)).toContain("collectives.across.rateShare");
    // Latencies of the machine document are those of closed forms.
    expect(inputs.find(({ path }) => path === "machine.node.deviceLink.latency")?.used).toBe(false);
    expect(inputs.find(({ path }) => path === "machine.node.injection")?.used).toBe(true);
    expect(notes.join(" ")).toContain("interconnect link by link was not used");
    expect(points.at(-1)?.terms.find(({ id }) => id === "communication")?.binds).toMatch(/latency and small pieces \(nccl/);
  });

  it("sums its gradients in the time of the protocol, and later where a hop takes longer", () => {
    const prepared = prepare(scenarioOf(run, asked), "cold");
    const timing = prepared.resources.collectives;
    expect(collectiveTime(timing, "all-reduce", 1e8, 2048, 4)).toBeGreaterThan(1e8 / 72e9);
    const found = prepared.collectives!;
    const parameter = found.parameters.find((one) => collectivePath(one) === "collectives.across.hop_s")!;
    const slower = variant(prepared, { kind: "collective", path: "collectives.across.hop_s", parameter }, 1e-3);
    expect(outputsAt(slower, 2048).terms.step_s).toBeGreaterThan(outputsAt(prepared, 2048).terms.step_s);
    expect(slower.local).toBe(prepared.local);
  });
});

describe("a stack that names none", () => {
  it("has no fitted parameters of collectives, and says that the interconnect was not read", () => {
    const { inputs, unusedChoices } = predictRun(run);
    expect(inputs.some(({ path }) => path.startsWith("collectives."))).toBe(false);
    expect(unusedChoices.map(({ path }) => path)).toContain("machine.interconnect");
  });
});

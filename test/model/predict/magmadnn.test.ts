/** MagmaDNN as a stack: what its kinds of memory, its three distributed schemes, waited launches and back ends do to a step; and that predictions say nothing checks them. */
import { describe, expect, it } from "vitest";
import { predict, resolveScenario } from "../../../model/index.ts";
import { buildProgram } from "../../../model/program/build.ts";
import { Kind } from "../../../model/program/types.ts";
import type { Changes } from "../../../model/scenario.ts";
import { buildLayers } from "../../../model/workload/build-layers.ts";
import { countGradientBytes, listGradientTensors } from "../../../model/workload/totals.ts";
import { library } from "../../support/library.ts";

function scenario(changes: Changes = {}, stack = "magmadnn-1.2", workload = "magmadnn-alexnet-imagenet", machine = "summit") {
  const resolved = resolveScenario(library, { machine, workload, plan: "magmadnn-examples", stack, changes });
  if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
  return resolved.scenario;
}
const point = (changes: Changes = {}, stack?: string, devices = 64) => predict(scenario(changes, stack), { devices: [devices] }).points[0]!;
const step = (changes: Changes = {}, stack?: string, devices = 64) => point(changes, stack, devices).stepTime_s.value;

function programOf(changes: Changes = {}, stack?: string) {
  const { workload, plan, stack: made } = scenario(changes, stack);
  const layers = buildLayers(workload);
  return { layers, program: buildProgram(layers, { stored: 1000, copied: 602_116 }, plan, made) };
}
const rows = ({ program }: ReturnType<typeof programOf>, kind: number) => Array.from({ length: program.count }, (_, index) => index).filter((index) => program.kind[index] === kind);

describe("the three distributed schemes", () => {
  it("sums one gradient after another, each after the whole backward pass, whatever buffer the plan asks for", () => {
    const made = programOf({ "plan.fusion": "64 MiB" });
    const sums = rows(made, Kind.allReduce);
    expect(sums.length).toBe(listGradientTensors(made.layers).length);
    expect(sums.reduce((sum, index) => sum + (made.program.bytes[index] ?? 0), 0)).toBe(countGradientBytes(made.layers, 4));
    const unused = predict(scenario({ "plan.fusion": "64 MiB" }), { devices: [64] }).inputs.find(({ path }) => path === "plan.fusion");
    expect(unused?.used).toBe(false);
  });

  it("ranks that sum nothing are faster, as fast on any number of devices but for the slowest, and no training: the notes say so", () => {
    const { terms } = point({}, "magmadnn-1.2-no-exchange", 1024);
    expect(terms.find(({ id }) => id === "communication")?.time_s).toBe(0);
    expect(step({}, "magmadnn-1.2-no-exchange")).toBeLessThan(step());
    expect(predict(scenario({}, "magmadnn-1.2-no-exchange"), { devices: [64] }).notes.join(" ")).toContain("ranks drift apart");
  });

  it("the first rank updates; sending the weights, which the release leaves out, costs a broadcast", () => {
    expect(rows(programOf({}, "magmadnn-1.2-root-update"), Kind.broadcast)).toEqual([]);
    const sent = programOf({ "stack.collective.broadcast": true }, "magmadnn-1.2-root-update");
    expect(rows(sent, Kind.broadcast).map((index) => sent.program.bytes[index])).toEqual([countGradientBytes(sent.layers, 4)]);
    expect(step({ "stack.collective.broadcast": true }, "magmadnn-1.2-root-update")).toBeGreaterThan(step({}, "magmadnn-1.2-root-update") * 1.005);
  });
});

describe("kinds of memory", () => {
  const kind = (value: string, more: Changes = {}): Changes => ({ "stack.tensors.kind": value, ...more });

  it("from the device alone over copies on both sides to pages that move and operands that are copied at every use", () => {
    const [device, managed, unified, host] = ["device", "managed", "cuda-managed", "host"].map((one) => step(kind(one))) as [number, number, number, number];
    expect(device).toBeLessThan(managed);
    expect(managed).toBeLessThan(unified);
    expect(unified).toBeLessThan(host);
  });

  it("managed gradients go to the host and back once a step, over the host link", () => {
    const made = programOf(kind("managed"));
    const gradient = countGradientBytes(made.layers, 4);
    expect(rows(made, Kind.hostTransfer).map((index) => made.program.bytes[index])).toEqual([602_116 * 128, gradient, gradient]);
    // Everybody waits for the slowest, whose copies take as much longer as its kernels.
    const copies_s = (2 * gradient) / 50e9 + 2 * listGradientTensors(made.layers).length * 8e-6;
    const ratio = (step(kind("managed")) - step(kind("device"))) / copies_s;
    expect(ratio).toBeGreaterThanOrEqual(1);
    expect(ratio).toBeLessThan(1.08);
    expect(step(kind("device", { "stack.tensors.deviceMessages": false }))).toBeCloseTo(step(kind("managed")), 6);
  });

  it("faults cost pages that move, and no others", () => {
    expect(step(kind("cuda-managed", { "stack.tensors.fault": "100 us" }))).toBeGreaterThan(step(kind("cuda-managed")) * 1.05);
    expect(step(kind("managed", { "stack.tensors.fault": "100 us" }))).toBe(step(kind("managed")));
    expect(predict(scenario(kind("managed")), { devices: [64] }).inputs.find(({ path }) => path === "stack.tensors.fault")?.used).toBe(false);
    expect(predict(scenario(kind("managed")), { devices: [64] }).unusedChoices.map(({ path }) => path)).toContain("stack.tensors.deviceMessages");
  });

  it("unified memory without its figures is a problem for each", () => {
    const resolved = resolveScenario({ ...library, documents: { ...library.documents, stack: { ...library.documents.stack, bare: { ...(library.documents.stack["magmadnn-1.2"] as object), id: "bare", tensors: { kind: "cuda-managed", deviceMessages: true } } } } }, { machine: "summit", workload: "magmadnn-alexnet-imagenet", plan: "magmadnn-examples", stack: "bare" });
    expect(resolved.problems.map(({ path }) => path)).toEqual(["migration", "fault", "faultGroup"].map((key) => expect.stringContaining(`tensors.${key}`)));
  });
});

it("launches that are waited for cost each kernel, dense products have a factor of their own, and processors run it by oneDNN", () => {
  expect(step({ "stack.launch.synchronous": "0 us" })).toBeLessThan(step());
  expect(step({ "stack.kernels.denseFactor": 3 })).toBeGreaterThan(step() * 1.005);
  const own = predict(scenario({}, "magmadnn-1.2-onednn", "magmadnn-lenet5-mnist", "cascadelake-vm-2c"), { devices: [1] });
  expect(own.points[0]!.stepTime_s.value).toBeGreaterThan(0);
});

it("every prediction with it says that no published number stands beside it", () => {
  for (const stack of ["magmadnn-1.2", "magmadnn-1.2-no-exchange", "magmadnn-1.2-root-update"]) expect(predict(scenario({}, stack), { devices: [6] }).notes.join(" ")).toContain("nothing stands beside these predictions");
});

describe("a search over hyperparameters as trainings beside each other", () => {
  const grid = (trials: number, groups: number): Changes => ({ "plan.asynchrony.scheme": "independent", "plan.asynchrony.groups": groups, "plan.asynchrony.trials": trials, "plan.asynchrony.stepsPerTrial": 1000 });

  it("ends with the slowest of each round, and twice the groups halve it", () => {
    const { asynchrony, stepTime_s } = point(grid(32, 8), "magmadnn-1.2", 48);
    expect(asynchrony).toMatchObject({ scheme: "independent", groups: 8, groupSize: 6 });
    expect(asynchrony!.trials_s! / (4 * 1000 * stepTime_s.value)).toBeGreaterThan(1);
    expect(asynchrony!.trials_s! / (4 * 1000 * stepTime_s.value)).toBeLessThan(1.1);
    expect(point(grid(32, 16), "magmadnn-1.2", 96).asynchrony!.trials_s! / asynchrony!.trials_s!).toBeCloseTo(0.5, 1);
  });

  it("keys that only it reads are unused elsewhere, with the reason", () => {
    const unused = predict(scenario({ "plan.asynchrony.scheme": "periodic-averaging", "plan.asynchrony.trials": 4 }), { devices: [12] }).unusedChoices;
    expect(unused).toContainEqual(expect.objectContaining({ path: "plan.asynchrony.trials", reason: expect.stringContaining("independent") }));
  });
});

/** plan.asynchrony and plan.compression from the document to the words: each key moves an output or is named as unused; training to a target where a document speaks of the workload. */
import { describe, expect, it } from "vitest";
import { explain, predict, resolveScenario, type Prediction } from "../../../model/index.ts";
import type { Changes } from "../../../model/scenario.ts";
import { library } from "../../support/library.ts";

function predictWith(changes: Changes, devices = 256, run = "piz-daint-tiramisu-2018"): Prediction {
  const resolved = resolveScenario(library, { run, changes });
  if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
  return predict(resolved.scenario, { devices: [devices] });
}
const outputsOf = ({ points: [point] }: Prediction) => JSON.stringify([point?.stepTime_s, point?.terms.map(({ time_s, overlapped_s }) => [time_s, overlapped_s]), point?.asynchrony, point?.targets]);
const step = (changes: Changes, devices?: number, run?: string) => predictWith(changes, devices, run).points[0]!.stepTime_s.value;

const server: Changes = { "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.groups": 16 };
const elastic: Changes = { "plan.asynchrony.scheme": "elastic-averaging", "plan.asynchrony.period": 4 };
const averaging: Changes = { "plan.asynchrony.scheme": "periodic-averaging", "plan.asynchrony.period": 4 };
const independent: Changes = { "plan.asynchrony.scheme": "independent", "plan.asynchrony.groups": 16 };
const compressed: Changes = { "plan.compression.method": "top-k", "plan.compression.share": 0.01, "plan.compression.passes": 4 };

describe("every key of asynchrony and compression", () => {
  const schemes = { server, elastic, averaging, independent };
  const keys: Changes = { "plan.asynchrony.groups": 32, "plan.asynchrony.period": 9, "plan.asynchrony.servers": 3, "plan.asynchrony.serverBandwidth": "0.05 GB/s", "plan.asynchrony.overlap": true, "plan.asynchrony.penalty": 1.7, "plan.asynchrony.trials": 100, "plan.asynchrony.stepsPerTrial": 1000 };

  it.each(Object.entries(schemes).flatMap(([name, scheme]) => Object.entries(keys).map(([path, value]) => [name, path, scheme, value] as const)))("%s: %s moves an output or is named as unused", (_, path, scheme, value) => {
    const pair: Changes = path.endsWith("trials") ? { "plan.asynchrony.stepsPerTrial": 10 } : path.endsWith("stepsPerTrial") ? { "plan.asynchrony.trials": 40 } : {};
    const before = predictWith({ ...scheme, ...pair });
    const after = predictWith({ ...scheme, ...pair, [path]: value });
    const named = [...after.unusedChoices.map((one) => one.path), ...after.inputs.filter(({ used }) => !used).map((one) => one.path)];
    expect(outputsOf(after) !== outputsOf(before) || named.includes(path), path).toBe(true);
  });

  it.each(Object.entries({ "plan.compression.method": "low-rank", "plan.compression.share": 0.3, "plan.compression.passes": 40, "plan.gradientLag": 2, "plan.reductionPrecision": "fp16" }))("%s moves the step of compressed gradients", (path, value) => {
    expect(outputsOf(predictWith({ ...compressed, [path]: value }))).not.toBe(outputsOf(predictWith(compressed)));
  });

  it("half a block names what is missing, a scheme that is none its neighbours", () => {
    expect(resolveScenario(library, { run: "piz-daint-tiramisu-2018", changes: { "plan.asynchrony.period": 4 } }).problems.map(({ path }) => path)).toEqual([expect.stringContaining("asynchrony.scheme")]);
    expect(resolveScenario(library, { run: "piz-daint-tiramisu-2018", changes: { "plan.asynchrony.scheme": "parameter-servers" } }).problems).toEqual([expect.objectContaining({ hint: expect.stringContaining("parameter-server") })]);
    expect(resolveScenario(library, { run: "piz-daint-tiramisu-2018", changes: { "plan.asynchrony.scheme": "periodic-averaging", "plan.asynchrony.periods": 4 } }).problems).toEqual([expect.objectContaining({ hint: expect.stringContaining("period") })]);
  });
});

describe("what is waited for", () => {
  it("nothing between ranks that only meet servers with enough bandwidth: no stragglers, and a step as of one device and its exchange", () => {
    const { terms, stepTime_s } = predictWith({ "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.servers": 64 }).points[0]!;
    const single = step({ "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.servers": 64 }, 1);
    expect(terms.find(({ id }) => id === "stragglers")?.time_s).toBeCloseTo(0, 9);
    expect(stepTime_s.value).toBeLessThan(single * 1.1);
    expect(stepTime_s.value).toBeLessThan(step({}));
  });

  it("servers that have too much to do hold everybody back, and say how full they are", () => {
    const overrun = predictWith({ "plan.asynchrony.scheme": "parameter-server" }, 4096).points[0]!;
    expect(overrun.asynchrony?.serverUse).toBeCloseTo(1, 9);
    expect(overrun.stepTime_s.value / step({ "plan.asynchrony.scheme": "parameter-server" }, 2048)).toBeCloseTo(2, 2);
    expect(predictWith(server, 64).points[0]!.asynchrony!.serverUse).toBeLessThan(0.5);
  });

  it("a longer period sends less, and averages over many steps cost nearly nothing", () => {
    const comm = (period: number) => predictWith({ ...averaging, "plan.asynchrony.period": period }).points[0]!.terms.find(({ id }) => id === "communication")!.time_s;
    expect(comm(10) / comm(1)).toBeCloseTo(0.1, 6);
    expect(comm(500) / comm(1)).toBeCloseTo(0.002, 6);
  });

  it("a lag hides the sums; two steps hide them from the update too", () => {
    const lags = [0, 1, 2].map((lag) => step({ "plan.gradientLag": lag, "machine.node.injection": "0.05 GB/s" }));
    expect(lags[1]!).toBeLessThan(lags[0]!);
    expect(lags[2]!).toBeLessThanOrEqual(lags[1]!);
  });

  it("compression trades bytes for passes through memory", () => {
    const slow = { "machine.node.injection": "0.05 GB/s" };
    expect(step({ ...slow, ...compressed, "plan.compression.method": "quantised", "plan.compression.share": 0.25 })).toBeLessThan(step(slow));
    expect(step({ ...compressed, "plan.compression.method": "quantised", "plan.compression.share": 1 })).toBeGreaterThan(step({}));
    // What everybody gathers grows with the ranks: a hundredth of the elements is no saving among a thousand.
    expect(step({ ...slow, ...compressed }, 1024)).toBeGreaterThan(step(slow, 1024));
  });
});

describe("training to the target", () => {
  const deepcam = (changes: Changes, devices = 1024) => predictWith(changes, devices, "selene-deepcam-2022").points[0]!.targets[0]!;

  it("is steps times step time, samples over the batch, with the delay of a lag in the interval", () => {
    const target = deepcam({});
    if ("refused" in target) throw new Error(target.refused);
    const { batch, steps, samples, stepsNeeded, time_s, penalty } = target;
    expect(steps!.value * batch).toBeCloseTo(samples!.value, 3);
    expect(penalty.value).toBe(1);
    expect(stepsNeeded).toEqual(expect.objectContaining({ value: steps!.value }));
    expect(time_s!.value).toBeCloseTo(stepsNeeded!.value * predictWith({}, 1024, "selene-deepcam-2022").points[0]!.stepTime_s.value, 6);
    const late = deepcam({ "plan.gradientLag": 1 });
    if ("refused" in late) throw new Error(late.refused);
    expect(late.penalty.low95).toBe(1);
    expect(late.penalty.high95).toBeGreaterThan(1.2);
    expect(late.stepsNeeded!.high95 / late.stepsNeeded!.value).toBeGreaterThan(stepsNeeded!.high95 / stepsNeeded!.value);
  });

  it("takes the plan's own figure of what delay costs", () => {
    const stated = deepcam({ "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.groups": 8, "plan.asynchrony.penalty": 1.5 });
    expect(stated).toMatchObject({ penalty: { value: 1.5, low95: 1.5, high95: 1.5 } });
  });

  it("is refused far outside the batches that were measured, with the reason", () => {
    expect(deepcam({ "plan.samplesPerDevice": 8 }, 4096)).toMatchObject({ refused: expect.stringContaining("more than 2 times outside") });
  });
});

it("explain names who waits in the equation of stragglers", () => {
  const resolved = resolveScenario(library, { run: "piz-daint-tiramisu-2018", changes: server });
  expect(explain(resolved.scenario!, { devices: 64 }).operations.some(({ kind }) => kind === "exchange")).toBe(true);
});

/** Power by activity: limits and monotony of the law, sums that add up, boundaries that nobody stated, and bills of whole runs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitPower, rectifierEfficiency } from "../../../calibrate/fit/power.ts";
import { meteredNodes } from "../../../calibrate/checks/energy-models.ts";
import { readPublishedFacts } from "../../../cli/host/published-facts.ts";
import { layerlessMix } from "../../../model/energy/activity-mix.ts";
import { layerActivities, transformerActivities } from "../../../model/energy/activity-times.ts";
import { activities, deviceEnergy_J, power_w, powerParameters, type DevicePower } from "../../../model/energy/power-law.ts";
import { makePowerModel, type PowerModel } from "../../../model/energy/power-model.ts";
import { reportEnergy } from "../../../model/energy/report.ts";
import { factVariants, powerSpread } from "../../../model/energy/spread.ts";
import { powerAt, stepOf, stepPower, widest } from "../../../model/energy/step-power.ts";
import { billTraining } from "../../../model/energy/training.ts";
import { resultLength, Result } from "../../../model/engine/pipeline/terms.ts";
import { resolveScenario, predict, predictTransformer, resolveTransformer } from "../../../model/index.ts";
import { termIds, type Estimate } from "../../../model/prediction.ts";
import { library, scenarioOf, scenariosFolder } from "../../support/library.ts";

const exact = (value: number): Estimate => ({ value, low80: value, high80: value, low95: value, high95: value });
const device: DevicePower = { board_w: 700, idle_w: 140, law: { active: 0.5, products: 1, memory: 0.7, communication: 0.25, waiting: 0.15 } };
const sourcesOf = (machine: string, changes = {}) => {
  const { scenario } = resolveTransformer(library, { machine, workload: "llama2-7b", plan: "mpt-30b-fsdp-2023", stack: "torchtitan-2024", changes });
  if (scenario === undefined) throw new Error(machine);
  return { device: scenario.device, machine: scenario.machine, calibrations: scenario.calibrations, grid: scenario.market?.grid ?? null };
};
const modelOf = (machine: string, changes = {}): PowerModel => makePowerModel(sourcesOf(machine, changes)) as PowerModel;
const seconds = fc.double({ min: 0, max: 10, noNaN: true });
const share = fc.double({ min: 0, max: 1.5, noNaN: true });
const times = fc.record({ products_s: fc.double({ min: 1e-3, max: 10, noNaN: true }), products: share, memory_s: seconds, memory: share, communication_s: seconds, waiting_s: seconds });

describe("the law of power", () => {
  it("stays between idle and board power, and grows with the rate", () => {
    fc.assert(fc.property(fc.constantFrom(...activities), share, share, (activity, a, b) => {
      const [low, high] = [a, b].toSorted((x, y) => x - y).map((one) => power_w(device, activity, one));
      expect(low).toBeGreaterThanOrEqual(device.idle_w);
      expect(high).toBeLessThanOrEqual(device.board_w);
      expect(high).toBeGreaterThanOrEqual(low as number);
    }));
  });

  it("by hand: a quarter of the range for messages, all but a percent of the board for products at their peak", () => {
    expect(power_w(device, "communication", 0)).toBeCloseTo(140 + 560 * 0.25, 2);
    expect(power_w(device, "waiting", 0)).toBeCloseTo(140 + 560 * 0.15, 5);
    expect(power_w(device, "products", 1)).toBeCloseTo(140 + 560 * (1.5 / (1 + 1.5 ** 8) ** 0.125), 9);
    expect(power_w(device, "products", 1)).toBeGreaterThan(0.99 * 690);
  });

  it("draws for each activity by its own time", () => {
    fc.assert(fc.property(times, (one) => {
      const alone = activities.map((activity) => deviceEnergy_J(device, { products: one.products, memory: one.memory, products_s: 0, memory_s: 0, communication_s: 0, waiting_s: 0, [`${activity}_s`]: one[`${activity}_s`] }));
      expect(deviceEnergy_J(device, one)).toBeCloseTo(alone.reduce((sum, energy) => sum + energy, 0), 6);
    }));
  });
});

describe("times of activities", () => {
  it("of layers and of a transformer add up to the step", () => {
    fc.assert(fc.property(fc.array(seconds, { minLength: termIds.length, maxLength: termIds.length }), (terms) => {
      const added_s = Object.fromEntries(termIds.map((id, index) => [id, terms[index] ?? 0])) as Record<(typeof termIds)[number], number>;
      expect(stepOf(layerActivities({ added_s }, 0.8))).toBeCloseTo(terms.reduce((sum, time) => sum + time, 0), 9);
    }));
    fc.assert(fc.property(fc.array(seconds, { minLength: resultLength, maxLength: resultLength }), fc.integer({ min: 1, max: 16 }), (terms, pipeline) => {
      const step = terms.slice(Result.ideal, Result.jitter + 1).reduce((sum, time) => sum + time, 0);
      expect(stepOf(transformerActivities(Float64Array.from(terms), pipeline, 0.8))).toBeCloseTo(step, 9);
    }));
  });
});

describe("power of a machine", () => {
  const model = modelOf("dgx-h100");

  it("grows from the devices outward, and its parts add up to the widest boundary", () => {
    fc.assert(fc.property(times, fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 8 }), (one, nodes, each) => {
      const job = { nodes, boards: nodes * each };
      const power = stepPower(model, one, job);
      const order = [power.devices_w, power.nodes_w, power.system_w, power.site_w].map((value) => value ?? 0);
      expect(order.toSorted((a, b) => a - b)).toEqual(order);
      const { parts, boundary, perStep_J } = reportEnergy(model, one, job, 1, (of) => exact(of(power)));
      expect(boundary).toBe("site");
      expect(parts.reduce((sum, part) => sum + part.perStep_J, 0) / (perStep_J.site?.value ?? 0)).toBeCloseTo(1, 9);
    }));
  });

  it("ends at the devices where the document says nothing of nodes, and names what is missing", () => {
    const power = stepPower(modelOf("tpu-v5e-slices"), layerlessMix(1), { nodes: 2, boards: 8 });
    expect(widest(power)).toBe("devices");
    expect([power.node_w, power.system_w, power.site_w]).toEqual([null, null, null]);
    expect(modelOf("tpu-v5e-slices").unknown).toContain("host processors");
  });

  it("counts boards of a node that the job leaves idle", () => {
    const [one, all] = [1, 8].map((boards) => stepPower(model, layerlessMix(1), { nodes: 1, boards }).node_w ?? 0);
    expect(one).toBeGreaterThan(7 * model.device.idle_w);
    expect(all).toBeGreaterThan(one as number);
  });

  it("takes the processor's part of a module's budget first (GH200: 660 W for both)", () => {
    const gh = modelOf("gh200-cluster");
    expect(gh.device.board_w).toBeLessThanOrEqual(660 - (gh.node?.processors_w ?? 0) / gh.devicesPerNode + 1e-9);
  });

  it("is less with liquid than with fans, and more with worse supplies", () => {
    const node = (changes: object) => stepPower(modelOf("dgx-h100", changes), layerlessMix(1), { nodes: 1, boards: 8 }).node_w ?? 0;
    expect(node({ "machine.power.fans": 0 }) * 1.15).toBeCloseTo(node({}), 6);
    expect(node({ "machine.power.conversion": 0.9 })).toBeGreaterThan(node({}));
  });

  it("is wider known where a fact has a range, and as wide as the law where none has", () => {
    const sources = sourcesOf("dgx-h100");
    const output = ({ node_w }: { node_w: number | null }) => node_w ?? Number.NaN;
    const job = { nodes: 1, boards: 8 };
    const [without, with_] = [[], factVariants(sources)].map((variants) => powerSpread(output, sources, model, variants, layerlessMix(0.9), job));
    expect(without?.up).toBeGreaterThan(0.06 ** 2);
    expect(with_?.up).toBeGreaterThan(without?.up ?? 0);
  });
});

describe("the fitted law", () => {
  const { facts } = readPublishedFacts(scenariosFolder, library.sources);

  it("is what the metered runs give today", () => {
    const { document } = fitPower(meteredNodes(library, facts), facts);
    const { $schema: _, ...stored } = library.documents.calibration["power-accelerators"] as Record<string, unknown>;
    expect(JSON.parse(JSON.stringify(document))).toEqual(stored);
    expect(powerParameters.every((name) => document.parameters[name] !== undefined)).toBe(true);
  });

  it("leaves a benchmark out and misses its nodes by less than 4 % (MLPerf Training v4.0, SMC, ten runs)", () => {
    const { runs } = fitPower(meteredNodes(library, facts), facts);
    expect(runs).toHaveLength(10);
    for (const { leftOut_w, node_w } of runs) expect(Math.abs(leftOut_w / node_w - 1)).toBeLessThan(0.04);
    expect(rectifierEfficiency(facts)).toBeCloseTo(0.98, 2);
  });
});

describe("predictions", () => {
  it("of the flagship draw less than the 13 MW that Summit is said to peak at, and more with a lower wait", () => {
    const point = predict(scenarioOf("summit-deeplabv3plus-fp16-2018"), { devices: [27_360] }).points[0];
    const { system } = point?.energy?.power_w ?? {};
    expect(system?.low95).toBeGreaterThan(5e6);
    expect(system?.value).toBeLessThan(13e6);
    expect(point?.energy?.perSample_J.value).toBeCloseTo(((point?.energy?.power_w.site?.value ?? 0) * (point?.stepTime_s.value ?? 0)) / (point?.samplesPerStep ?? 1), 6);
    expect(point?.money.owned?.perStep.value).toBeGreaterThan(point?.money.owned?.electricityPerStep ?? 0);
  });

  it("use the facts of power: those that move it are marked, and it moves", () => {
    const at = (changes: Record<string, string>) => predict(scenarioOf("summit-deeplabv3plus-fp16-2018", changes), { devices: [1536] });
    const base = at({});
    expect(base.inputs.find(({ path }) => path === "machine.power.pue")?.used).toBe(true);
    expect(base.inputs.find(({ path }) => path === "device.power")?.used).toBe(true);
    const power = (prediction: typeof base) => prediction.points[0]?.energy?.power_w.site?.value ?? 0;
    expect(power(at({ "machine.power.pue": "1.5" })) / power(base)).toBeCloseTo(1.5 / 1.1, 9);
    expect(power(at({ "device.power": "250 W" }))).toBeLessThan(power(base));
    expect(at({ "device.power": "250 W" }).points[0]?.stepTime_s).toEqual(base.points[0]?.stepTime_s);
  });

  it("hold their own value in the interval, and say what is not known", () => {
    const { scenario } = resolveTransformer(library, { machine: "selene", workload: "gpt-1t", plan: "megatron-1t-2021", stack: "megatron-2021" });
    const { energy, money } = predictTransformer(scenario!, {}).points[0]!;
    for (const estimate of [energy?.power_w.device, energy?.power_w.site, energy?.perStep_J.site, energy?.perSample_J]) {
      const { low95, low80, value, high80, high95 } = estimate!;
      expect([low95, low80, value, high80, high95].toSorted((a, b) => a - b)).toEqual([low95, low80, value, high80, high95]);
    }
    expect(energy?.unknown).toContain("switches of the fabric");
    expect(money.unknown).toContain("no price of this machine is on file");
  });

  it("without a power of the device are null and not zero", () => {
    const { scenario } = resolveScenario(library, { run: "cascadelake-vm-2c-gpt-256" });
    expect(predict(scenario!, { devices: [1] }).points[0]?.energy).toBeNull();
  });
});

describe("the bill of a training run", () => {
  const model = modelOf("dgx-h100");
  const energy = reportEnergy(model, layerlessMix(1), { nodes: 4, boards: 32 }, 1, (of) => exact(of(stepPower(model, layerlessMix(1), { nodes: 4, boards: 32 }))));
  const money = { rented: { perStep: { low: 1, middle: 2, high: 3 }, perDeviceHour: { low: 1, middle: 2, high: 3 }, offers: [] }, owned: null, unknown: [] };
  const bill = (time_s: Record<"step" | "checkpoint" | "load" | "idle" | "staging", number>, spareNodes = 0) =>
    billTraining({ times: { time_s, wall_s: Object.values(time_s).reduce((sum, one) => sum + one, 0), nodes: 4, spareNodes }, devices: 32, stepTime_s: 1, wallError: 0.05, energy, money, model });

  it("is steps alone where nothing else happens, and 32 devices for an hour at 2 USD", () => {
    const { energy_J, rented } = bill({ step: 3600, checkpoint: 0, load: 0, idle: 0, staging: 0 });
    expect(energy_J?.value).toBeCloseTo((energy.perStep_J.site?.value ?? 0) * 3600, 3);
    expect(energy_J?.high95).toBeGreaterThan(energy_J?.value ?? 0);
    expect(rented).toEqual({ low: 32, middle: 64, high: 96 });
  });

  it("adds waiting above idling, and both below steps; spare nodes idle", () => {
    const joule = (id: "checkpoint" | "idle" | "step") => bill({ step: 0, checkpoint: 0, load: 0, idle: 0, staging: 0, [id]: 100 }).energy_J?.value ?? 0;
    expect(joule("checkpoint")).toBeGreaterThan(joule("idle"));
    expect(joule("step")).toBeGreaterThan(joule("checkpoint"));
    expect(bill({ step: 0, checkpoint: 0, load: 0, idle: 100, staging: 0 }, 4).energy_J?.value).toBeCloseTo(2 * joule("idle"), 3);
    expect(powerAt(stepPower(model, layerlessMix(1), { nodes: 4, boards: 32 }), "site") * 100).toBeCloseTo(joule("step"), 3);
  });
});

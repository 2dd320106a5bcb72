/** Input and staging in a prediction: every knob reaches an output, what does not fit says what follows, and both engines agree where batches vary. */
import { describe, expect, it } from "vitest";
import { predict } from "../../../model/predict/predict.ts";
import { simulate } from "../../../model/simulate/simulate.ts";
import type { Changes } from "../../../model/scenario.ts";
import { predictTransformer } from "../../../model/predict/transformer/predict.ts";
import { resolveTransformer } from "../../../model/resolve/resolve.ts";
import { library, scenarioOf } from "../../support/library.ts";

const run = "summit-deeplabv3plus-fp16-2018";
const at = (changes: Changes, devices = 27_360) => {
  const prediction = predict(scenarioOf(run, changes), { devices: [devices] });
  return { point: prediction.points[0]!, notes: prediction.notes };
};

describe("staging", () => {
  it("by exchange is bound by what peers send, naively by what all read at once, by shards by neither", () => {
    const [exchange, naive, shards] = ["exchange", "naive", "shards"].map((mode) => at({ "plan.staging.mode": mode }).point.staging!);
    expect(exchange!.binds).toBe("exchange");
    expect(naive!.binds).toBe("read");
    expect(naive!.time_s).toBeGreaterThan(5 * exchange!.time_s);
    expect(shards!.time_s).toBeLessThan(exchange!.time_s);
    expect(shards!.copies).toBe(1);
  });

  it("of more than the node holds leaves the rest in the file system: the step waits, and a note says so", () => {
    const { point, notes } = at({ "machine.node.localStorage.capacity": "50 GB" });
    expect(point.staging!.held_bytes).toBeCloseTo(50e9, 0);
    expect(point.input.tiers.map(({ id }) => id)).toEqual(["local", "shared"]);
    expect(point.input.slowest).toBe("read");
    expect(point.input.wait_s).toBeGreaterThan(0);
    expect(notes.some((note) => /does not fit the node's storage/.test(note) && /in every epoch/.test(note))).toBe(true);
  });

  it("races every strategy over nodes up to the machine", () => {
    const race = predict(scenarioOf(run), { devices: [6] }).stagingRace!;
    expect(race.strategies.map(({ strategy }) => strategy)).toEqual(["naive", "exchange", "shards"]);
    for (const { points } of race.strategies) {
      expect(points.at(-1)!.nodes).toBe(4608);
      expect(points.every(({ time_s, held }) => time_s > 0 && held > 0 && held <= 1)).toBe(true);
    }
    expect(race.chosen).toBe("exchange");
  });
});

describe("input", () => {
  it("each knob moves the step or its input", () => {
    const base = { "plan.staging.mode": "none" };
    const step = (changes: Changes) => at({ ...base, ...changes }).point.stepTime_s.value;
    const inPlace_s = step({});
    expect(at({}).point.input.wait_s).toBe(0);
    expect(inPlace_s).toBeGreaterThan(at({}).point.stepTime_s.value);
    expect(step({ "machine.fileSystem.available": 0.5 })).toBeCloseTo(2 * inPlace_s, 6);
    expect(step({ "machine.fileSystem.metadata.open": "10 kop/s" })).toBeCloseTo((2 * 27_360) / 10_000, 6);
    expect(step({ "machine.fileSystem.perFile": "8 s" })).toBeGreaterThan(inPlace_s + 3);
    expect(step({ "machine.fileSystem.streamRead": "10 MB/s" })).toBeGreaterThan(inPlace_s);
    expect(step({ "plan.input.prefetch": 2, "machine.fileSystem.readSpread": 0.4 })).toBeGreaterThan(inPlace_s * 1.2);
    expect(step({ "plan.input.prefetch": 2, "workload.dataset.sizeSpread": 0.4 })).toBeGreaterThan(inPlace_s * 1.2);
    expect(step({ "plan.input.shuffle": "within-node", "machine.node.pageCache.capacity": "256 GB", "machine.node.pageCache.read": "50 GB/s" })).toBeLessThan(inPlace_s);
    const decode = (changes: Changes) => at({ "plan.input.workersPerDevice": 1, "machine.node.cores": 6, ...changes }).point.input;
    expect(decode({}).workers).toMatchObject({ asked: 1, running: 1, cores: 6 });
    expect(decode({ "stack.input.reservedCores": 3 }).workers.running).toBeCloseTo(0.5, 12);
    expect(decode({ "workload.dataset.decode": "2 s" }).wait_s).toBeGreaterThan(2);
    expect(decode({ "workload.dataset.format": "hdf5", "stack.input.formats.hdf5": "10 MB/s" }).wait_s).toBeGreaterThan(2);
    expect(at({ "machine.node.hostLink.node": "0.5 GB/s" }).point.input.slowest).toBe("copy");
  });

  it("more workers than cores are told, with what follows", () => {
    const { notes } = at({ "plan.input.workersPerDevice": 64 });
    expect(notes.some((note) => /384 workers a node share 44 cores/.test(note))).toBe(true);
  });

  it("reads from a burst buffer where the plan says that the data set lies there", () => {
    const buffer = { "plan.staging.mode": "none", "plan.input.tier": "burst-buffer", "machine.burstBuffer.name": "flash", "machine.burstBuffer.read": "20 TB/s", "machine.burstBuffer.nodeRead": "8 GB/s" };
    const { input } = at(buffer).point;
    expect(input.tiers).toHaveLength(1);
    expect(input.tiers[0]).toMatchObject({ id: "shared", name: "flash" });
    expect(input.tiers[0]!.supply_bytes_per_s).toBeCloseTo(20e12 / 4560, 0);
    expect(input.wait_s).toBe(0);
  });

  it("choices that move nothing here are named with the reason", () => {
    const unused = (changes: Changes) => predict(scenarioOf(run, changes), { devices: [6] }).unusedChoices.map(({ path }) => path);
    expect(unused({})).not.toContain("plan.input.prefetch");
    expect(unused({ "plan.input.prefetch": 4 })).toContain("plan.input.prefetch");
    expect(unused({ "plan.input.prefetch": 4, "workload.dataset.sizeSpread": 0.3 })).not.toContain("plan.input.prefetch");
    expect(unused({ "plan.staging.mode": "shards" })).toContain("plan.staging.samplesPerNode");
    expect(unused({ "plan.input.shuffle": "within-node" })).toContain("plan.input.shuffle");
    expect(unused({ "stack.staging.streams": 8 })).toContain("stack.staging.streams");
    expect(unused({ "stack.staging.streams": 8, "machine.fileSystem.streamRead": "1 GB/s" })).not.toContain("stack.staging.streams");
  });

  it("a burst buffer that the machine does not have is a problem", () => {
    expect(() => at({ "plan.input.tier": "burst-buffer" })).toThrow(/burst/);
  });

  it("drawn batches agree with the closed form, and the causes add up", () => {
    const scenario = scenarioOf(run, { "plan.staging.mode": "none", "plan.input.prefetch": 4, "machine.fileSystem.readSpread": 0.4, "machine.fileSystem.nodeRead": "1 GB/s" });
    const simulation = simulate(scenario, { devices: 384, draws: 3 });
    const input = simulation.causes.find(({ id }) => id === "input")!;
    expect(simulation.causes.reduce((sum, { time_s }) => sum + time_s, simulation.analytic_s)).toBeCloseTo(simulation.step_s.mean, 9);
    expect(Math.abs(input.time_s) / simulation.step_s.mean).toBeLessThan(0.08);
    expect(predict(scenario, { devices: [384] }).points[0]!.stepTime_s.value).toBeCloseTo(simulation.analytic_s, 3);
  });
});

describe("tokens of a transformer", () => {
  const at = (changes: Changes) => {
    const { scenario } = resolveTransformer(library, { machine: "selene", workload: "gpt3-175b", plan: "gpt3-175b-selective-2022", stack: "megatron-2022", changes });
    return predictTransformer(scenario!, { devices: [64] }).points[0]!;
  };

  it("are told with their small size, and waited for only where storage gives next to nothing", () => {
    const usual = at({});
    expect(usual.input).toMatchObject({ token_bytes: 2, readers: 1, wait_s: 0 });
    expect(usual.input.need_bytes_per_s.machine).toBeCloseTo((2 * 64 * 2048) / usual.stepTime_s.value, 3);
    expect(usual.terms.some(({ id }) => id === "input")).toBe(false);
    const starved = at({ "machine.fileSystem.read": "1 kB/s" });
    expect(starved.stepTime_s.value).toBeCloseTo((2 * 64 * 2048) / 1000, 6);
    expect(starved.terms.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(starved.stepTime_s.value, 6);
  });
});

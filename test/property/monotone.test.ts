/** What must hold of any prediction whatever the numbers: better parts never slow a step, more devices never do less together, no number is lost. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knobs, type Knob } from "../../model/explain/knobs.ts";
import { outputsAt } from "../../model/predict/outputs.ts";
import { predictSafely } from "../../model/predict/predict-safely.ts";
import { prepare, type Prepared } from "../../model/predict/prepare.ts";
import type { Changes } from "../../model/scenario.ts";
import { dimensions } from "../../model/units.ts";
import { library, runNames, scenarioOf } from "../support/library.ts";
import { lostLeaves } from "../support/plain-data.ts";

const anyRun = fc.constantFrom(...runNames);
const prepared = (run: string, changes: Changes = {}): Prepared => prepare(scenarioOf(run, changes), "leave-one-series-out");
const stepOf = (one: Prepared, devices: number): number => outputsAt(one, devices).terms.step_s;
const available = ({ scenario }: Prepared): number => scenario.machine.nodes.value * scenario.machine.node.devices.value;
/** Devices of a share of the machine, between one and all. */
const devicesOf = (one: Prepared, share: number): number => Math.max(1, Math.round(available(one) ** share));

const logBetween = (low: number, high: number) => fc.double({ min: Math.log10(low), max: Math.log10(high), noNaN: true }).map((exponent) => 10 ** exponent);
const share = fc.double({ min: 0, max: 1, noNaN: true });

const better: [path: string, unit: string, low: number, high: number, more: boolean][] = [
  ["machine.node.injection", " B/s", 1e9, 400e9, true],
  ["machine.fabric.efficiency", "", 0.05, 1, true],
  ["machine.fabric.latency", " s", 1e-7, 1e-4, false],
  ["machine.fabric.messageOverhead", " s", 1e-8, 1e-5, false],
  ["machine.node.hostLink.bandwidth", " B/s", 1e9, 1e11, true],
  ["machine.node.localStorage.read", " B/s", 1e8, 1e11, true],
  ["machine.fileSystem.read", " B/s", 1e10, 1e13, true],
  ["device.memory.bandwidth", " B/s", 1e11, 1e13, true],
  ["device.memory.efficiency", "", 0.3, 1, true],
  ["machine.deviceSpread.sigma", "", 0.0001, 0.1, false],
  ["stack.launch.step", " s", 1e-6, 1e-2, false],
  ["stack.controlPlane.requestProcessing", " s", 1e-8, 1e-5, false],
];

describe("a better part never makes a step slower", () => {
  it.each(better)("%s", (path, unit, low, high, more) => {
    fc.assert(
      fc.property(anyRun, logBetween(low, high), logBetween(low, high), share, fc.constantFrom<Changes>({}, { "plan.gradientLag": 0 }, { "plan.staging.mode": "none" }), (run, one, other, part, changes) => {
        const [worse, good] = more === one < other ? [one, other] : [other, one];
        const slow = prepared(run, { ...changes, [path]: `${worse}${unit}` });
        const fast = prepared(run, { ...changes, [path]: `${good}${unit}` });
        const devices = devicesOf(slow, part);
        expect(stepOf(fast, devices)).toBeLessThanOrEqual(stepOf(slow, devices) * (1 + 1e-12));
      }),
      { numRuns: 15 },
    );
  });
});

describe.each(runNames)("%s", (run) => {
  const one = prepared(run);
  const single = stepOf(one, 1);

  it("is never faster on more devices, so that efficiency is at most one", () => {
    fc.assert(fc.property(share, share, (a, b) => {
      const [few = 1, many = 1] = [devicesOf(one, a), devicesOf(one, b)].toSorted((x, y) => x - y);
      expect(stepOf(one, few)).toBeGreaterThanOrEqual(single * (1 - 1e-12));
      expect(stepOf(one, many)).toBeGreaterThanOrEqual(stepOf(one, few) * (1 - 1e-12));
    }), { numRuns: 40 });
  });

  it("does more together on more whole nodes", () => {
    const perNode = one.scenario.machine.node.devices.value;
    fc.assert(fc.property(share, share, (a, b) => {
      const nodes = [a, b].map((part) => Math.max(1, Math.round(one.scenario.machine.nodes.value ** part))).toSorted((x, y) => x - y) as [number, number];
      const [few, many] = nodes.map((count) => (count * perNode) / stepOf(one, count * perNode)) as [number, number];
      expect(many).toBeGreaterThanOrEqual(few * (1 - 1e-12));
    }), { numRuns: 40 });
  });

  it("takes no less time for more samples, and no more for each", () => {
    const [two, four] = [2, 4].map((samples) => stepOf(prepared(run, { "plan.samplesPerDevice": samples }), 1)) as [number, number];
    expect(four).toBeGreaterThanOrEqual(two);
    expect(four / 4).toBeLessThanOrEqual(two / 2 * 1.02);
  });
});

describe("knobs turned anyhow", () => {
  const valueOf = ({ control }: Knob, at: number): string | number => {
    if (control.type === "choice") return control.options[Math.min(control.options.length - 1, Math.floor(at * control.options.length))] ?? "";
    const { min, max, dimension, step, log } = control;
    const value = log ? min * (max / min) ** at : min + at * (max - min);
    if (step === 1) return Math.round(value);
    return dimension === "fraction" ? value : `${value} ${dimensions[dimension].symbol}`;
  };

  it("give a prediction of finite numbers, or problems", () => {
    fc.assert(
      fc.property(anyRun, fc.array(fc.tuple(fc.nat(), share), { minLength: 1, maxLength: 6 }), share, (run, turns, part) => {
        const list = knobs(scenarioOf(run));
        const changes = Object.fromEntries(turns.map(([at, to]) => [list[at % list.length], to] as const).map(([knob, to]) => [knob?.path ?? "", knob ? valueOf(knob, to) : ""]));
        const { prediction, problems } = predictSafely(library, { run, changes }, { devices: [devicesOf(prepared(run), part)] });
        if (!prediction) expect(problems.length, JSON.stringify(changes)).toBeGreaterThan(0);
        else {
          expect(lostLeaves(prediction), JSON.stringify(changes)).toEqual([]);
          expect(prediction.points[0]?.efficiency.value).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
      { numRuns: 20 },
    );
  });
});

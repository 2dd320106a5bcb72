/** The data of the timeline, without a browser: lanes hold the model's times, pieces lose none, the path adds up, spans stay in the step, addresses come back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placements } from "../../../model/simulate/placement.ts";
import { fitBars, fitNames } from "../../../web/client/data/timeline-fit.ts";
import { causesFinding, drawsFinding, pathFinding, stepFinding, sumsFinding } from "../../../web/client/data/timeline-findings.ts";
import { timelineOf } from "../../../web/client/data/timeline-lanes.ts";
import { pathData, pathTable, printedPath } from "../../../web/client/data/timeline-path.ts";
import { operationsTable } from "../../../web/client/data/timeline-tables.ts";
import { factsOf } from "../../../web/client/data/timeline-words.ts";
import { simulateOutcome } from "../../../web/client/timeline/outcome.ts";
import { insideStep, panSpan, spanAround, zoomSpan } from "../../../web/client/timeline/span.ts";
import { decodeTimelineState, encodeTimelineState, initialTimelineState, simulateCommand, type TimelineState } from "../../../web/client/timeline/state.ts";
import { initialState } from "../../../web/client/state.ts";
import { library, runNames } from "../../support/library.ts";

const flagship = "summit-deeplabv3plus-fp16-2018";
const options = { draws: 3, seed: 2, placement: "packed", slowNode: 1 } as const;

function outcomeOf(run: string, changes = {}, devices: number | null = 96) {
  const { outcome, problems } = simulateOutcome(library, { selection: { run, changes }, devices, options }, () => undefined);
  if (!outcome) throw new Error(JSON.stringify(problems));
  return outcome;
}

const outcome = outcomeOf(flagship, { "plan.gradientLag": 0 });
const timeline = timelineOf(outcome.simulation);
const ms = { unit: "ms", scale: 1e-3 };
const [slowest] = timeline.roles;
const compute = slowest?.lanes.find(({ lane }) => lane === "compute");

describe.each(runNames)("%s", (run) => {
  const { simulation } = outcomeOf(run, {}, null);
  const lanes = timelineOf(simulation);

  it("has every recorded operation on one lane, at the model's times", () => {
    expect(lanes.byKey.size).toBe(simulation.records.reduce((sum, { operations }) => sum + operations.length, 0));
    for (const record of simulation.records) {
      record.operations.forEach((operation, place) => expect(lanes.byKey.get(`${record.rank}.${place}`)?.operation).toBe(operation));
    }
  });

  it("has a path whose kinds add up to the step, and pauses that are what the compute stream does not do", () => {
    const data = pathData(simulation, lanes.roles[0] ?? { lanes: [] }, lanes.step_s, null);
    expect(data.rows.reduce((sum, { path_s }) => sum + path_s, 0)).toBeCloseTo(simulation.recorded.step_s, 12);
    for (const { lanes: own } of lanes.roles) {
      const stream = own.find(({ lane }) => lane === "compute");
      const busy_s = (stream?.bars ?? []).reduce((sum, { operation }) => sum + operation.end_s - operation.start_s, 0);
      const idle_s = (stream?.gaps ?? []).reduce((sum, { start_s, end_s }) => sum + end_s - start_s, 0);
      expect(busy_s + idle_s).toBeCloseTo(lanes.step_s, 9);
    }
    expect(stepFinding(lanes, data).length).toBeGreaterThan(20);
  });
});

describe("at any zoom", () => {
  const spans = fc.tuple(fc.double({ min: 0, max: 0.95, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true })).map(([from, length]): [number, number] => [from * timeline.step_s, Math.min(1, from + length) * timeline.step_s]);

  it("every operation in view is drawn once, and none is lost in a piece", () => {
    fc.assert(fc.property(spans, fc.integer({ min: 60, max: 2000 }), ([from, to], width) => {
      const x = (time_s: number) => ((time_s - from) / (to - from)) * width;
      const inView = (compute?.bars ?? []).filter(({ operation }) => operation.end_s > from && operation.start_s < to);
      const pieces = fitBars({ bars: compute?.bars ?? [] }, x, from, to);
      expect(pieces.flatMap(({ bars }) => bars)).toEqual(inView);
      for (const { shares, bars } of pieces) {
        expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9);
        if (bars.length > 1) expect(x(bars.at(-1)?.operation.end_s ?? 0) - x(bars[0]?.operation.start_s ?? 0)).toBeLessThan(9);
      }
      // Not many more marks than the width has room for.
      expect(pieces.length).toBeLessThanOrEqual(width / 2 + 2);
    }));
  });

  it("names stand over their operations, do not meet, and fit", () => {
    const widthOf = (text: string) => text.length * 6;
    fc.assert(fc.property(spans, ([from, to]) => {
      const x = (time_s: number) => ((time_s - from) / (to - from)) * 1000;
      const names = fitNames(compute?.outline ?? [], x, from, to, widthOf);
      names.forEach(({ start_s, end_s, words, node }, index) => {
        expect(widthOf(words)).toBeLessThanOrEqual(x(end_s) - x(start_s));
        expect(start_s).toBeGreaterThanOrEqual((names[index - 1]?.end_s ?? 0) - 1e-12);
        if (node.name !== "") expect(node.bars.every(({ operation }) => (operation.layer ?? operation.name).startsWith(node.name))).toBe(true);
      });
    }));
  });
});

describe("a part of the step", () => {
  it("has path rows that add up to it, as numbers and as printed", () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 0.9, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), (from, length) => {
      const span = [from * timeline.step_s, Math.min(timeline.step_s, (from + length) * timeline.step_s)] as const;
      const data = pathData(outcome.simulation, slowest ?? { lanes: [] }, timeline.step_s, span);
      expect(data.rows.reduce((sum, { path_s }) => sum + path_s, 0)).toBeCloseTo(span[1] - span[0], 9);
      const printed = printedPath(data, ms, 1);
      expect(printed.rows.reduce((sum, row) => sum + row, 0)).toBeCloseTo(printed.total, 9);
    }));
  });

  it("is said in titles that hold", () => {
    const whole = pathData(outcome.simulation, slowest ?? { lanes: [] }, timeline.step_s, null);
    const [largest] = whole.rows.toSorted((a, b) => b.path_s - a.path_s);
    expect(pathFinding(whole, false)).toContain(largest?.label);
    expect(pathTable(whole, ms).rows.at(-1)?.[1]).toBeCloseTo(timeline.step_s * 1e3, 3);
    const { causes, analytic_s, step_s } = outcome.simulation;
    expect(causesFinding(outcome.simulation)).toContain(step_s.mean > analytic_s ? "longer" : "less");
    expect(causesFinding({ ...outcome.simulation, causes: causes.map((one) => ({ ...one, time_s: 0 })), step_s: { ...step_s, mean: analytic_s } })).toBe("Both interpreters say the same");
    expect(drawsFinding(outcome.simulation, ms, 1)).toMatch(/^3 draws lie between/);
    expect(sumsFinding({ ...outcome.simulation, collectives: [] })).toBe("Nothing is summed over devices");
  });
});

it("an operation says its rates with units, what it needs and how late it may end", () => {
  const bar = compute?.bars.find(({ operation }) => operation.kind === "convolution");
  if (!bar) throw new Error("no convolution");
  const facts = Object.fromEntries(factsOf(bar, outcome, timeline, ms).map(({ name, value }) => [name, value]));
  expect(facts["work"]).toMatch(/flop, .*F\/s$/);
  expect(facts["binds"]).toBe(outcome.limits[bar.operation.index]);
  expect(facts["needs"]).toBeTruthy();
  expect(operationsTable(timeline, outcome).rows.length).toBe(timeline.byKey.size);
});

it("only operations of layers are grouped by layer, and all directions of the pass are there", () => {
  expect(new Set((compute?.outline ?? []).map(({ direction }) => direction))).toEqual(new Set(["", "forward", "backward"]));
  expect((compute?.outline ?? []).flatMap(({ bars }) => bars)).toEqual(compute?.bars);
});

describe("what is in view", () => {
  const step = fc.double({ min: 1e-4, max: 10, noNaN: true });
  it("stays inside the step however it is moved, and keeps the time under the pointer where it is", () => {
    fc.assert(fc.property(step, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0.05, max: 20, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (step_s, at, length, factor, by) => {
      const before = insideStep([at * step_s, (at + length) * step_s], step_s) ?? ([0, step_s] as const);
      const under = before[0] + 0.3 * (before[1] - before[0]);
      const zoomed = zoomSpan(before, factor, under, step_s);
      for (const span of [zoomed, panSpan(before, by * step_s, step_s), spanAround(before[0], before[1], step_s)]) {
        if (span === null) continue;
        expect(span[0]).toBeGreaterThanOrEqual(0);
        expect(span[1]).toBeLessThanOrEqual(step_s * (1 + 1e-12));
        expect(span[1]).toBeGreaterThan(span[0]);
      }
      if (zoomed && factor < 1) expect((under - zoomed[0]) / (zoomed[1] - zoomed[0])).toBeCloseTo(0.3, 6);
    }));
  });
});

describe("the address", () => {
  const span = fc.option(fc.tuple(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 1, max: 400_000 })).map(([from, length]) => [from / 1e6, (from + length) / 1e6] as const), { nil: null });
  const states: fc.Arbitrary<TimelineState> = fc.record({
    scenario: fc.record({ devices: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: null }), theme: fc.constantFrom("system" as const, "dark" as const) }).map((some) => ({ ...initialState(), ...some, changes: { "plan.gradientLag": 0 } })),
    draws: fc.integer({ min: 1, max: 1000 }), seed: fc.integer({ min: -5, max: 1e6 }), placement: fc.constantFrom(...placements), slow: fc.double({ min: 1, max: 1000, noNaN: true }), window: span, range: span,
    operation: fc.option(fc.tuple(fc.nat(), fc.nat()).map(([rank, place]) => `${rank}.${place}`), { nil: null }), path: fc.boolean(),
  });

  it("carries every state there and back", () => {
    fc.assert(fc.property(states, (state) => {
      const read = decodeTimelineState(`?${encodeTimelineState(state)}`);
      expect(read.problems).toEqual([]);
      expect({ ...read.state, scenario: { ...read.state.scenario, changes: { ...read.state.scenario.changes } } }).toEqual(state);
    }));
  });

  it("tells all that is wrong with it, and keeps the rest", () => {
    const { state, problems } = decodeTimelineState("?view=timeline&draws=0&seed=1.5&placement=paked&slow=0.2&window=0.4_0.1&range=x&op=seven&path=maybe&gpus=-1&windw=1_2&run=piz-daint-tiramisu-2018");
    expect(problems.map(({ path }) => path).toSorted()).toEqual(["draws", "gpus", "op", "path", "placement", "range", "seed", "slow", "window", "windw"].map((key) => `address: ${key}`));
    expect(problems.find(({ path }) => path.endsWith("placement"))?.hint).toContain("packed");
    expect(problems.find(({ path }) => path.endsWith("windw"))?.hint).toContain("window");
    expect(state).toEqual({ ...initialTimelineState(), scenario: { ...initialState(), subject: { run: "piz-daint-tiramisu-2018" } } });
  });

  it("is repeated by a command with only what differs", () => {
    expect(simulateCommand(initialTimelineState(), 384)).toBe(`exatwin simulate ${flagship} --gpus 384`);
    expect(simulateCommand({ ...initialTimelineState(), draws: 3, slow: 1.2, placement: "random" }, 6)).toBe(`exatwin simulate ${flagship} --gpus 6 --draws 3 --placement random --slow-node 1.2`);
  });
});

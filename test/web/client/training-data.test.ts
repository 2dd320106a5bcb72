/** The page of training runs in numbers: its model is the command line's, links carry it whole, its charts draw what it says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { predictTransformer, resolveTransformer, trainTransformer } from "../../../model/index.ts";
import { dayBins } from "../../../web/client/charts/days.ts";
import { lostParts } from "../../../web/client/charts/run-parts.ts";
import { showTraining } from "../../../web/client/data/training-model.ts";
import { daysTitle, goodputTitle, partsTitle } from "../../../web/client/data/training-words.ts";
import { trainingCommand } from "../../../web/client/training/command.ts";
import { decodeTrainingState, encodeTrainingState, initialTrainingState, wishOf, type TrainingState } from "../../../web/client/training/state.ts";
import { readLarge, writeLarge } from "../../../web/client/views/training-controls.ts";
import { library } from "../../support/library.ts";

const bloom = { ...initialTrainingState(), machine: "jean-zay-a100", workload: "bloom-176b", count: 366e9 };
const shown = showTraining(library, wishOf(bloom));

describe("a run on the page", () => {
  it("is the run of the command line", () => {
    const { scenario } = resolveTransformer(library, { machine: "jean-zay-a100", workload: "bloom-176b", plan: "bloom-176b-2022", stack: "megatron-deepspeed-2022", changes: {} });
    if (!scenario) throw new Error("BLOOM is not stored");
    expect(shown.run).toEqual(trainTransformer(scenario, predictTransformer(scenario), { wanted: { unit: "tokens", count: 366e9 } }).runs[0]);
  });

  it("of a network of layers takes the largest scale of its run", () => {
    const { run, selection } = showTraining(library, { ...wishOf(bloom), run: "piz-daint-tiramisu-2018", unit: "steps", count: 1000 });
    expect(run.devices).toBe(5300);
    expect(selection.machine).toBe("piz-daint");
  });

  it("says what is wrong with a name or a plan", () => {
    expect(() => showTraining(library, { ...wishOf(bloom), run: "nobody" })).toThrow();
    expect(() => showTraining(library, { ...wishOf(bloom), workload: "tiramisu-climate-2018" })).toThrow();
    expect(() => showTraining(library, { ...wishOf(bloom), changes: { "plan.checkpoint.intervall": "3 h" } })).toThrow();
  });
});

describe("what is drawn", () => {
  it("are all drawn runs, the longest in an open bin", () => {
    const bins = dayBins(shown.run);
    expect(bins.reduce((sum, { runs }) => sum + runs, 0)).toBe(shown.run.drawn_s.length);
    expect(bins.slice(0, -1).some(({ open }) => open)).toBe(false);
    for (const [index, { low_s }] of bins.entries()) if (index > 0) expect(low_s).toBe(bins[index - 1]?.high_s);
  });

  it("are the causes in falling order, and titles that name the first", () => {
    const parts = lostParts(shown.run);
    expect(parts.map(({ time_s }) => time_s)).toEqual(parts.map(({ time_s }) => time_s).toSorted((a, b) => b - a));
    expect(partsTitle(shown.run).toLowerCase()).toContain(parts[0]?.label.toLowerCase() ?? "-");
    expect(goodputTitle(shown.run)).toMatch(/3.00.h keeps .*; every .* would keep/);
    expect(daysTitle(shown.run)).toContain("Nine runs in ten");
  });
});

describe("a link", () => {
  it("carries the state whole", () => {
    const text = fc.string({ minLength: 1, maxLength: 12 }).filter((value) => value.trim() === value);
    const state = fc.record({ machine: text, workload: text, plan: fc.option(text), stack: fc.option(text), devices: fc.option(fc.integer({ min: 1, max: 1e8 })), unit: fc.constantFrom("tokens" as const, "samples" as const, "steps" as const), count: fc.integer({ min: 1, max: 1e15 }), failures: fc.option(text), changes: fc.dictionary(fc.constantFrom("plan.checkpoint.interval", "machine.reliability.nodeInterval"), text), tables: fc.constantFrom<readonly string[]>([], ["days", "goodput"]), theme: fc.constantFrom("system" as const, "dark" as const) });
    fc.assert(fc.property(state, (values) => {
      const full: TrainingState = { ...initialTrainingState(), ...values };
      expect(decodeTrainingState(encodeTrainingState(full))).toEqual({ state: full, problems: [] });
    }));
  });

  it("of a run leaves out what the run says, and a wrong one says so", () => {
    expect(encodeTrainingState({ ...bloom, run: "piz-daint-tiramisu-2018", unit: "steps", count: 5 })).toBe("view=training&run=piz-daint-tiramisu-2018&unit=steps&count=5");
    expect(decodeTrainingState("?view=training&gpus=x&unit=epochs&count=-1&colour=red").problems.map(({ path }) => path)).toEqual(["address: gpus", "address: count", "address: unit", "address: colour"]);
  });

  it("is a command too", () => {
    expect(trainingCommand({ ...bloom, devices: 384, changes: { "plan.checkpoint.interval": "30 min" } })).toBe('exatwin train jean-zay-a100 bloom-176b --gpus 384 --tokens 366000000000 --set "plan.checkpoint.interval=30 min"');
  });
});

describe("large numbers", () => {
  it("are read as they are written", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1, 1e3, 1e6, 1e9, 1e12), (digits, scale) => {
      expect(readLarge(writeLarge(digits * scale))).toBe(digits * scale);
    }));
    expect(writeLarge(15.6e12)).toBe("15.6T");
    for (const wrong of ["", "many", "-3", "1e30"]) expect(readLarge(wrong)).toBeNull();
  });
});

/** What the transformer page draws, as data: offers of the editor are valid and say the model's times, memory stacks add up, pieces of a schedule lose no time, links come back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { predictTransformer, resolveTransformer } from "../../../model/index.ts";
import { memoryStackData } from "../../../web/client/data/memory-stack-data.ts";
import { bubbleShare, pipelinePieces } from "../../../web/client/data/pipeline-pieces.ts";
import { setsOfFound, withPlanSets } from "../../../web/client/data/plan-changes.ts";
import { createTransformerModel, Refused } from "../../../web/client/data/transformer-model.ts";
import { memoryTable, parameterTornado, scheduleTable, transformerWaterfall } from "../../../web/client/data/transformer-tables.ts";
import { controlWords } from "../../../web/client/data/transformer-words.ts";
import { readConfig } from "../../../web/client/transformer/read-config.ts";
import { decodeTransformerState, encodeTransformerState, initialTransformerState, transformerCommand, wishOf, type TransformerState } from "../../../web/client/transformer/state.ts";
import { library } from "../../support/library.ts";

const model = createTransformerModel(library);
const wish = (change: Partial<TransformerState> = {}) => wishOf({ ...initialTransformerState(), ...change });
const picture = { ...model.show(wish()), elapsed_ms: 0 };

function refusalOf(change: Partial<TransformerState>) {
  try {
    model.show(wish(change));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error("it was shown");
}

describe("the picture", () => {
  it("is the model's prediction", () => {
    const { scenario } = resolveTransformer(library, picture.selection);
    expect(picture.point).toEqual(scenario && predictTransformer(scenario, { devices: [64] }).points[0]);
    expect(picture.scaling.find(({ devices }) => devices === 64)?.stepTime_s).toEqual(picture.point.stepTime_s);
    expect(picture.baseline).toBeNull();
  });

  it("sets a changed plan beside the unchanged one", () => {
    const changed = model.show(wish({ changes: { "plan.recompute": "full" } }));
    expect(changed.baseline).toEqual(picture.point);
    expect(changed.controls.find(({ key }) => key === "recompute")).toMatchObject({ value: "full", planned: "selective" });
    expect(transformerWaterfall(changed.point, changed.baseline).total.change).toBeCloseTo(changed.point.stepTime_s.value - picture.point.stepTime_s.value, 9);
  });
});

describe("the layout editor", () => {
  it.each([["selene", "gpt3-175b"], ["eos", "mixtral-8x7b"], ["h800-deepseek", "deepseek-v3"]])("offers only valid layouts on %s for %s, each with the step that the model then gives", (machine, workload) => {
    const shown = model.show(wish({ machine, workload }));
    const offers = shown.controls.flatMap(({ key, offers: some }) => some.map((offer) => ({ key, ...offer })));
    expect(offers.length).toBeGreaterThan(20);
    for (const { key, sets, step_s, answer } of offers) {
      expect(Object.hasOwn(controlWords, key), key).toBe(true);
      const { scenario, problems } = resolveTransformer(library, { ...shown.selection, changes: Object.fromEntries(Object.entries(sets).map(([name, value]) => [`plan.${name}`, value])) });
      expect(problems).toEqual([]);
      const [point] = scenario ? predictTransformer(scenario, { devices: [shown.point.devices] }).points : [];
      if (Number.isFinite(step_s)) expect((point?.stepTime_s.value ?? 0) / step_s).toBeCloseTo(1, 9);
      expect([key, sets, point?.memory?.answer]).toEqual([key, sets, answer]);
    }
  });

  it("says of values that are not valid why, and names the offer that is closest", () => {
    const shown = model.show(wish({ machine: "eos", workload: "llama3-70b", devices: 64 }));
    const control = (key: string) => shown.controls.find((one) => one.key === key);
    const refused = shown.controls.flatMap(({ key, refused: some, offers }) => some.map((one) => ({ key, offers, ...one })));
    expect(refused.length).toBeGreaterThan(5);
    for (const { key, value, why, nearest, offers } of refused) {
      expect(offers.map((offer) => offer.value)).not.toContain(value);
      expect(why, key).toMatch(/must be|needs|no rate/);
      if (nearest !== null) expect(offers.map((offer) => offer.value)).toContain(nearest);
      expect(() => model.show(wish({ machine: "eos", workload: "llama3-70b", devices: 64, changes: { [`plan.${key}`]: value } })), `${key} ${String(value)}`).toThrow(Refused);
    }
    expect(control("tensor")?.refused.length).toBeGreaterThan(0);
    expect(control("recipe")?.offers.map(({ value }) => value)).toContain("bf16");
  });

  it("offers every number of devices on which the layout is valid, and no other", () => {
    const { scenario } = resolveTransformer(library, picture.selection);
    for (let devices = 1; devices <= 640; devices++) {
      const valid = (() => {
        try {
          return scenario !== undefined && predictTransformer(scenario, { devices: [devices] }).points.length > 0;
        } catch {
          return false;
        }
      })();
      expect([devices, picture.counts.includes(devices)]).toEqual([devices, valid]);
    }
  });

  it("answers an invalid layout with the nearest number of devices, or else the nearest layout, which is valid", () => {
    const count = refusalOf({ devices: 70 });
    expect(count.nearestDevices).toBe(64);
    expect(model.show(wish({ devices: count.nearestDevices })).point.devices).toBe(64);
    const { nearest, problems } = refusalOf({ changes: { "plan.tensor": 7 }, devices: 64 });
    expect(problems.length).toBeGreaterThan(0);
    expect(nearest).toMatchObject({ tensor: 8 });
    const repaired = { "plan.tensor": 7, ...Object.fromEntries(Object.entries(nearest ?? {}).map(([key, value]) => [`plan.${key}`, value])) };
    expect(model.show(wish({ changes: repaired, devices: 64 })).point.layout.tensor).toBe(8);
    expect(refusalOf({ workload: "resnet50-imagenet" }).problems[0]?.path).toContain("family");
  });
});

describe("charts", () => {
  it("memory: parts add up to what the device shows, below it what is allocated", () => {
    for (const changes of [{}, { "plan.microBatch": 4, "plan.recompute": "none" }]) {
      const { point } = model.show(wish({ changes }));
      const data = memoryStackData(point);
      expect(data?.bars).toHaveLength(8);
      for (const { stage, segments, device_bytes } of data?.bars ?? []) {
        expect(segments.reduce((sum, { bytes }) => sum + bytes, 0) / device_bytes).toBeCloseTo(1, 9);
        const allocated = segments.filter(({ id }) => id !== "cache" && id !== "context").reduce((sum, { bytes }) => sum + bytes, 0);
        expect(allocated / (point.memory?.stages[stage]?.allocated.bytes ?? 0)).toBeCloseTo(1, 9);
      }
      expect(memoryTable(point).rows).toHaveLength(8);
    }
  });

  it("waterfall: rows as printed add up, and each term is the model's", () => {
    const data = transformerWaterfall(picture.point, null);
    expect(data.rows.reduce((sum, { printed }) => sum + printed, 0)).toBeCloseTo(data.total.printed, 9);
    for (const row of data.rows) expect(row.time_s).toBe(picture.point.terms.find(({ id }) => id === row.id)?.time_s);
    expect(data.total.note).toContain("sum checked");
  });

  it("pipeline: pieces of any window and width keep every stage's busy time, and never overlap", () => {
    const { schedule } = picture;
    if (schedule === null) throw new Error("no schedule");
    expect(bubbleShare(schedule)).toBeGreaterThan(0.01);
    expect(scheduleTable(schedule).rows[0]?.slice(0, 3)).toEqual([0, "forward", 0]);
    fc.assert(fc.property(fc.integer({ min: 40, max: 1500 }), (width) => {
      pipelinePieces(schedule, 0, schedule.makespan_s, width).forEach((pieces, stage) => {
        expect(pieces.reduce((sum, { busy_s }) => sum + busy_s.reduce((all, value) => all + value, 0), 0)).toBeCloseTo(schedule.busy_s[stage] ?? 0, 6);
        pieces.forEach((piece, index) => index > 0 && expect(piece.start_s).toBeGreaterThanOrEqual((pieces[index - 1]?.end_s ?? 0) - 1e-9));
      });
    }), { numRuns: 20 });
  });

  it("parameters: widest first, each around the step", () => {
    const { rows, centre_s } = parameterTornado(picture);
    const widths = rows.map(({ low_s, high_s }) => Math.abs(high_s - low_s));
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    for (const { low_s, high_s } of rows) expect((low_s + high_s) / 2).toBeCloseTo(centre_s, 6);
  });
});

describe("a search", () => {
  it("gives plans that the page shows with the same step, the best first", () => {
    const steps = model.search({ wish: wish(), devices: 64, objective: "time" });
    let next = steps.next();
    while (next.done !== true) next = steps.next();
    const [best, second] = next.value.plans;
    expect(best?.behind).toBeNull();
    expect(second?.behind?.share).toBeGreaterThanOrEqual(0);
    expect(best?.stepTime_s.value).toBeLessThanOrEqual(picture.point.stepTime_s.value);
  });

  it.each([["selene", "gpt3-175b", 64, {}], ["eos", "mixtral-8x7b", 32, { "plan.recompute": "full" }], ["eos", "llama3-70b", 64, { "plan.sequenceParallel": false }]] as const)("on %s for %s: every plan that is taken has the step and the memory that were told", (machine, workload, devices, changes) => {
    const asked = { machine, workload, devices, changes };
    const shown = model.show(wish(asked));
    const steps = model.search({ wish: wish(asked), devices, objective: "time" });
    let next = steps.next();
    while (next.done !== true) next = steps.next();
    const { plans, front } = next.value;
    expect(plans.length + front.length).toBeGreaterThan(5);
    const some = [...plans, ...front].filter((_, index) => index < 3 || index % 5 === 0);
    for (const plan of some) {
      const { point } = model.show(wish({ ...asked, changes: withPlanSets(changes, setsOfFound(plan), shown.controls) }));
      expect(point.stepTime_s.value / plan.stepTime_s.value, JSON.stringify(plan.choices)).toBeCloseTo(1, 6);
      expect((point.memory?.fullest.device.bytes ?? 0) / plan.memory.device_bytes, JSON.stringify(plan.choices)).toBeCloseTo(1, 6);
    }
  });
});

describe("links", () => {
  it("come back as they went", () => {
    const change = fc.record({ machine: fc.constantFrom("selene", "eos"), workload: fc.constantFrom("gpt-1t", "llama3-70b"), stack: fc.constantFrom(null, "megatron-2022"), plan: fc.constantFrom(null, "suggested:256", "bloom-176b-2022"), devices: fc.option(fc.integer({ min: 1, max: 99_999 })), scaling: fc.constantFrom("strong" as const, "weak" as const), objective: fc.constantFrom("time" as const, "memory" as const), protocol: fc.constantFrom("leave-one-series-out" as const, "cold" as const), changes: fc.dictionary(fc.constantFrom("plan.tensor", "plan.recompute", "plan.sequenceParallel"), fc.constantFrom(4, "full", true)), tables: fc.constantFrom([], ["memory"]) });
    fc.assert(fc.property(change, (some) => {
      const state = { ...initialTransformerState(), ...some, changes: { ...some.changes } };
      const back = decodeTransformerState(`?${encodeTransformerState(state)}`);
      expect(back.problems).toEqual([]);
      expect(back.state).toEqual(state);
    }));
  });

  it("with mistakes name every one, with the nearest", () => {
    const { problems } = decodeTransformerState("?view=transformer&gpu=4&gpus=x&objective=tme&window=3,1&model={}");
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(["address: gpu", "address: gpus", "address: objective", "address: window", "address: model"]));
  });

  it("become the command that prints the same", () => {
    const state = { ...initialTransformerState(), changes: { "plan.recompute": "full" } };
    expect(transformerCommand(state, picture)).toBe("exatwin predict selene gpt3-175b --plan gpt3-175b-selective-2022 --stack megatron-2022 --gpus 64 --set plan.recompute=full");
  });
});

it("a config.json becomes a model that is predicted, and what is wrong with it is told", () => {
  const config = { model_type: "llama", hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 128256, max_position_embeddings: 8192, tie_word_embeddings: false };
  const { model: document, remarks } = readConfig(JSON.stringify(config), "config.json");
  expect(document).toMatchObject({ id: "your-model", title: "Your model" });
  expect(remarks.length).toBeGreaterThan(0);
  const shown = model.show(wish({ machine: "eos", workload: "your-model", model: document }));
  expect(shown.prediction.totals.parameters).toBe(8_030_261_248);
  expect(shown.point.memory?.answer).toBe("fits");
  expect(readConfig("{", "config.json").problems).toHaveLength(1);
  expect(readConfig(JSON.stringify({ ...config, model_type: "lama" }), "config.json").problems[0]?.hint).toContain("llama");
});

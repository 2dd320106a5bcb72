/** A network whose point-wise layers a stack knows nothing of is refused by the name of the row; with the row it builds. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../model/problems.ts";
import { buildProgram } from "../../../model/program/build.ts";
import { dataParallelPlanSchema } from "../../../model/schema/plan.ts";
import { optionalTrafficKinds, layersStackSchema } from "../../../model/schema/stack.ts";
import { countTrainedFlop } from "../../../model/workload/flop.ts";
import { families } from "../../../model/workload/index.ts";

const read = (path: string) => JSON.parse(readFileSync(fileURLToPath(new URL(`../../../scenarios/${path}.json`, import.meta.url)), "utf8")) as Record<string, unknown>;
const plan = dataParallelPlanSchema.parse(read("plans/deepcam-mlperf-2022"));
const document = read("stacks/pytorch-nccl-2022");
const stackWith = (rows: Record<string, unknown>) => layersStackSchema.parse({ ...document, traffic: { ...(document["traffic"] as object), ...rows } });
const every = Object.fromEntries(optionalTrafficKinds.map((kind) => [kind, { forward: 2, backward: 2 }]));
const layers = families.gpt.build({ layers: 1, tokens: 16, vocabulary: 32, width: 16 });
const build = (rows: Record<string, unknown>) => buildProgram(layers, { stored: 1, copied: 1 }, plan, stackWith(rows));

describe("a transformer on a stack", () => {
  it.each(optionalTrafficKinds)("without the row %s is a problem at that row", (kind) => {
    let problems: InputError["problems"] = [];
    try {
      build({ ...every, [kind]: undefined });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      ({ problems } = error);
    }
    expect(problems).toEqual([expect.objectContaining({ code: "missing-key", path: `stacks/pytorch-nccl-2022: traffic.${kind}` })]);
  });

  it("with all rows has the work of its layers", () => {
    const { flop } = build(every);
    expect(flop.reduce((sum, one) => sum + one, 0)).toBe(countTrainedFlop(layers) * plan.samplesPerDevice);
  });
});

/** A run document: a measured training run. Its points are compared with predictions; what may calibrate what is a rule written here, not in code. */
import { z } from "zod";
import { parseQuantity, type Dimension } from "../units.ts";
import { flopConventions } from "./plan.ts";
import { head, id, whole } from "./common.ts";

/** Metrics of a point with the dimension of its value. */
export const metrics = {
  "sustained-rate": "rate",
  "peak-rate": "rate",
  "parallel-efficiency": "fraction",
  throughput: "samples",
  "step-time": "time",
  "staging-time": "time",
} as const satisfies Record<string, Dimension>;
export type Metric = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as Metric[];

const point = z
  .strictObject({
    id,
    devices: whole(1),
    metric: z.enum(metricNames as [Metric, ...Metric[]]),
    value: z.string(),
    low: z.string().optional(),
    high: z.string().optional(),
    how: z.string().min(1).meta({ description: "stated, or derived: with the formula" }),
    convention: z.enum(flopConventions).optional().meta({ description: "How a rate counts FLOP; the plan's convention if left out" }),
    use: z.enum(["validation", "calibration"]).meta({ description: "A calibration point may inform predictions of its own run and is never scored; a validation point is scored and never informs its own run" }),
    overrides: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional().meta({ description: "Changes to the scenario at this point, such as {\"plan.samplesPerDevice\": 2}" }),
    source: z.string().optional(),
    note: z.string().optional(),
  })
  .superRefine((value, context) => {
    for (const key of ["value", "low", "high"] as const) {
      const text = value[key];
      if (text === undefined) continue;
      const parsed = parseQuantity(text, metrics[value.metric]);
      if (!parsed.ok || parsed.value <= 0) {
        const problem = { code: "wrong-unit", got: JSON.stringify(text), expected: parsed.ok ? "a value above zero" : parsed.expected, ...(!parsed.ok && parsed.hint ? { hint: parsed.hint } : {}) };
        context.addIssue({ code: "custom", path: [key], message: problem.expected, params: { problem } });
      }
    }
  });

export const runSchema = z.strictObject({
  ...head,
  year: z.number().int().min(1990).max(2100),
  machine: id,
  workload: id,
  plan: id,
  stack: id,
  scales: z.array(whole(1)).min(1).meta({ description: "Device counts that a scaling curve shows" }),
  points: z.array(point).min(1),
  definitions: z.array(z.strictObject({ term: z.string(), text: z.string(), source: z.string().optional() })).optional().meta({ description: "What the words of the source mean, where they can be read in two ways" }),
});
export type Run = z.output<typeof runSchema>;
export type RunPoint = Run["points"][number];

/**
 * Requests and answers of the API as zod schemas, for the server, the page and the OpenAPI document. Quantities are SI with the unit in the name.
 * `answers` describes; what the server sends is checked against it by tests, not at run time.
 */
import { z } from "zod";
import { termGroups, termIds } from "../../model/prediction.ts";
import type { Protocol } from "../../model/resolve/parameters.ts";
import { precisions } from "../../model/schema/common.ts";
import { documentKinds, storedKinds } from "../../model/schema/index.ts";
import { flopConventions } from "../../model/schema/plan.ts";
import { sourcesSchema } from "../../model/schema/sources.ts";
import { calibrationAnswer, calibrationJobRequest, calibrationsAnswer, currentJobAnswer, jobsAnswer } from "./calibration-api.ts";
import { importAnswer, importsAnswer } from "./import-api.ts";

const name = z.string().min(1).max(200);
const changes = z.record(z.string().max(200), z.union([z.string().max(1000), z.number(), z.boolean()])).meta({ description: "Changed values by path, such as {\"plan.gradientLag\": 0}" });
const protocol = z.enum(["leave-one-series-out", "cold", "in-sample"] as const satisfies readonly Protocol[]);

export const selectionSchema = z.union([
  z.strictObject({ run: name, changes: changes.optional() }),
  z.strictObject({ machine: name, workload: name, plan: name, stack: name, changes: changes.optional() }),
]);
export const predictRequest = z.strictObject({
  selection: selectionSchema,
  devices: z.array(z.number().int().min(1).max(1e9)).min(1).max(256).optional().meta({ description: "Numbers of devices; the scales of the run if left out" }),
});
export const validateRequest = z.strictObject({
  protocol: protocol.optional(),
  runs: z.array(name).max(1000).optional().meta({ description: "Ids of runs; all of them if left out" }),
  extraRuns: z.array(z.unknown()).max(1000).optional().meta({ description: "Run documents that are not in the library" }),
});
export const checkRequest = z.strictObject({ kind: z.enum(documentKinds as [string, ...string[]]).optional(), document: z.unknown() });

export const problemSchema = z.object({ code: z.string(), path: z.string(), got: z.string(), expected: z.string(), hint: z.string().optional() });
export const problemsAnswer = z.object({ problems: z.array(problemSchema) });

const estimate = z.object({ value: z.number(), low80: z.number(), high80: z.number(), low95: z.number(), high95: z.number() });
const named = z.object({ id: z.string(), title: z.string() });
const term = z.object({
  id: z.enum(termIds), label: z.string(), group: z.enum(termGroups), time_s: z.number(), low95_s: z.number(), high95_s: z.number(), overlapped_s: z.number(), binds: z.string(),
});
const atBoundaries = { system: estimate.nullable(), site: estimate.nullable() };
const threePrices = z.object({ low: z.number(), middle: z.number(), high: z.number() });
const energy = z.object({
  power_w: z.object({ device: estimate, node: estimate.nullable(), ...atBoundaries }),
  perStep_J: z.object({ devices: estimate, nodes: estimate.nullable(), ...atBoundaries }),
  boundary: z.enum(["devices", "nodes", "system", "site"]),
  perSample_J: estimate,
  carbonPerStep_kg: estimate.nullable(),
  grid: z.object({ region: z.string(), year: z.number(), source: z.string() }).nullable(),
  parts: z.array(z.object({ id: z.string(), label: z.string(), group: z.enum(termGroups), perStep_J: z.number() })),
  activities: z.array(z.object({ activity: z.string(), label: z.string(), time_s: z.number(), share: z.number().nullable(), power_w: z.number(), demand_w: z.number(), limited: z.boolean() })),
  unknown: z.array(z.string()),
});
const money = z.object({
  rented: z.object({ perStep: threePrices, perDeviceHour: threePrices, offers: z.array(z.object({ seller: z.string(), term: z.string(), date: z.string(), perDeviceHour: z.number(), source: z.string() })) }).nullable(),
  owned: z.object({ perStep: estimate, capitalPerStep: z.number(), electricityPerStep: z.number().nullable(), perNodeHour: z.number(), what: z.string(), sources: z.array(z.string()) }).nullable(),
  unknown: z.array(z.string()),
});
const scalePoint = z.object({
  devices: z.number(), nodes: z.number(), samplesPerStep: z.number(), stepTime_s: estimate, throughput_samples_per_s: estimate, rate_flop_per_s: estimate, peakRate_flop_per_s: estimate,
  efficiency: estimate, stagingTime_s: estimate.nullable(), inputNeed_bytes_per_s: z.object({ device: z.number(), node: z.number(), machine: z.number() }), terms: z.array(term),
  energy: energy.nullable(), money,
  staging: z.looseObject({}).nullable().meta({ description: "The strategies of staging beside each other" }),
  input: z.looseObject({}).meta({ description: "Supply and demand of samples, stage by stage" }),
  asynchrony: z.looseObject({}).nullable().meta({ description: "How old gradients get, where not every step waits for one sum" }),
  targets: z.array(z.looseObject({})).meta({ description: "Steps and time to a quality target, by convergence document" }),
});
const input = z.object({
  path: z.string(), label: z.string(), dimension: z.string(), value: z.number(), text: z.string(), kind: z.string(), source: z.string(), low: z.number().optional(), high: z.number().optional(),
  note: z.string().optional(), used: z.boolean(), stepTimeLow_s: z.number().optional(), stepTimeHigh_s: z.number().optional(),
});
const calibrationLink = z.object({
  parameter: z.string(), label: z.string(), value: z.number(), low95: z.number(), high95: z.number(),
  parts: z.array(z.object({ what: z.string(), value: z.number(), weight: z.number(), run: z.string().optional(), point: z.string().optional(), leftOut: z.string().optional() })),
});
export const predictionSchema = z.object({
  scenario: z.object({
    machine: named, device: named, workload: named, plan: named, stack: named, run: named.nullable(), precision: z.enum(precisions), samplesPerDevice: z.number(), devicesPerNode: z.number(), changes,
  }),
  convention: z.enum(flopConventions),
  totals: z.object({
    parameters: z.number(), gradientTensors: z.number(), gradient_bytes: z.number(), activationsPerSample_elements: z.number(), inputPerSample_bytes: z.number(),
    flopPerSample: z.record(z.enum(flopConventions), z.number()),
  }),
  points: z.array(scalePoint),
  stagingRace: z.looseObject({}).nullable().meta({ description: "Strategies of staging over numbers of nodes" }), inputs: z.array(input), unusedChoices: z.array(z.strictObject({ path: z.string(), label: z.string(), reason: z.string() })), assumed: z.number(), calibration: z.array(calibrationLink), notes: z.array(z.string()),
});

const validationCase = z.object({
  run: z.string(), point: z.string(), title: z.string(), machine: z.string(), devices: z.number(), metric: z.string(), unit: z.string(), measured: z.number(), predicted: z.number(),
  low80: z.number(), high80: z.number(), low95: z.number(), high95: z.number(), error: z.number(), stepTimeError: z.number(), how: z.string(), source: z.string(),
});
export const validationSchema = z.object({
  protocol,
  summary: z.object({ n: z.number(), mape: z.number(), median: z.number(), p90: z.number(), bias: z.number(), worst: z.number(), coverage80: z.number(), coverage95: z.number() }),
  cases: z.array(validationCase),
  excluded: z.array(z.object({ run: z.string(), point: z.string(), reason: z.string() })),
});
export const librarySchema = z.object({ documents: z.record(z.enum(storedKinds as [string, ...string[]]), z.record(z.string(), z.unknown())), sources: sourcesSchema });
export const healthAnswer = z.object({ status: z.literal("ok"), version: z.string(), documents: z.record(z.string(), z.number()) });

export const requests = { predict: predictRequest, validate: validateRequest, check: checkRequest, calibrationJob: calibrationJobRequest } as const;
export const answers = { library: librarySchema, predict: predictionSchema, validate: validationSchema, check: problemsAnswer, problems: problemsAnswer, health: healthAnswer, calibrations: calibrationsAnswer, calibration: calibrationAnswer, jobs: jobsAnswer, currentJob: currentJobAnswer, imports: importsAnswer, kept: importAnswer } as const;


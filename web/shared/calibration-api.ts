/** Requests and answers about calibrations, and about the one measurement of this machine that a server may run at a time. */
import { z } from "zod";
import type { Problem } from "../../model/problems.ts";
import { calibrationSchema } from "../../model/schema/calibration.ts";
import { caseSchema } from "../../model/schema/measurement.ts";

const problem = z.object({ code: z.string(), path: z.string(), got: z.string(), expected: z.string(), hint: z.string().optional() });

/** Problems by their own type. */
type Told<T> = Omit<T, "problems"> & { problems: Problem[] };

/** What a list shows of a calibration without reading it whole. */
export const calibrationHeadSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(["host", "operations", "device", "stack", "collective", "corpus", "power", "failure-law"]),
  subject: z.string().meta({ description: "Machine, device, stack family, communication library or kind of workload" }),
  date: z.string().nullable(),
  host: z.object({ name: z.string().nullable(), cpu: z.string(), cores: z.number(), memory_bytes: z.number() }).nullable(),
  rows: z.number().nullable().meta({ description: "Rows of the measurement files" }),
  points: z.number().meta({ description: "Points of all its curves or surfaces" }),
  fits: z.number().meta({ description: "Curves, or surfaces" }),
  quiet: z.number().nullable().meta({ description: "Share of the points of curves during which no other work ran" }),
});
export type CalibrationHead = z.output<typeof calibrationHeadSchema>;
export const calibrationsAnswer = z.object({ calibrations: z.array(calibrationHeadSchema), problems: z.array(problem).meta({ description: "Documents that cannot be shown" }) });
export type CalibrationsAnswer = Told<z.output<typeof calibrationsAnswer>>;
export const calibrationAnswer = calibrationSchema;

export const jobModes = ["tiny", "quick", "full"] as const;
export type JobMode = (typeof jobModes)[number];

export const calibrationJobRequest = z.strictObject({
  mode: z.enum(jobModes),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/, "a name of lower-case letters, digits, dots and dashes, such as this-host").optional().meta({ description: "Name of the documents; this-host if left out" }),
  parts: z.array(z.string().max(60)).min(1).max(100).optional().meta({ description: "Only these parts or benchmarks of the suite" }),
});

export const suiteEntrySchema = z.object({
  id: z.string(), part: z.string(), effect: z.string().meta({ description: "What its absence does to predictions" }),
  quick_s: z.number().nullable().meta({ description: "Estimate; null where a quick run leaves it out" }), full_s: z.number(),
});
export type SuiteEntry = z.output<typeof suiteEntrySchema>;

const rowSeen = z.object({ benchmark: z.string(), case: caseSchema, median_s: z.number(), quiet: z.boolean() });
export type RowSeen = z.output<typeof rowSeen>;

export const jobSchema = z.object({
  name: z.string(), mode: z.enum(jobModes), state: z.enum(["running", "cancelling", "cancelled", "done", "failed"]),
  started: z.string(), elapsed_s: z.number(),
  estimate_s: z.number().nullable().meta({ description: "Of all benchmarks; null until the measurement has looked at what it can run" }), left_s: z.number().nullable(),
  total: z.number().nullable(), done: z.number(),
  current: z.object({ label: z.string(), estimate_s: z.number(), elapsed_s: z.number() }).nullable(),
  rows: z.number(), noisy: z.number().meta({ description: "Rows during which other work ran" }),
  latest: z.array(rowSeen).meta({ description: "The newest rows, newest first" }),
  notes: z.array(z.string()), problems: z.array(problem),
  calibrations: z.array(z.string()).meta({ description: "Calibrations that it wrote" }),
});
export type Job = Told<z.output<typeof jobSchema>>;

export const jobsAnswer = z.object({ allowed: z.boolean(), reason: z.string().nullable().meta({ description: "Why this server does not measure" }), suite: z.array(suiteEntrySchema), job: jobSchema.nullable() });
export type JobsAnswer = Omit<z.output<typeof jobsAnswer>, "job"> & { job: Job | null };
export const currentJobAnswer = z.object({ job: jobSchema.nullable() });

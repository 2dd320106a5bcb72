/**
 * A measurement file: JSON lines, the first a header (host, date, command), each other one a row of a microbenchmark or the word that it was skipped.
 * A row has one combination of the independent variables (`case`) and the order statistics of its repeated times, so that nothing has to be parsed out of
 * names. Rates are never stored: they are work over time.
 */
import { z } from "zod";
import { id } from "./common.ts";

const seconds = z.number().positive();

/** Where measurements were made. Every key that is not known is left out rather than guessed. */
export const hostSchema = z.strictObject({
  name: id.optional().meta({ description: "A name of the user's choice; never the network name" }),
  cpu: z.string(),
  cores: z.number().int().positive().meta({ description: "Processors that the measurement could use" }),
  threadsPerCore: z.number().int().positive().optional(),
  caches: z.strictObject({ l1d_bytes: z.number().optional(), l2_bytes: z.number().optional(), l3_bytes: z.number().optional() }).optional().meta({ description: "Of one core (L1, L2) and of all (L3)" }),
  flags: z.array(z.string()).optional().meta({ description: "Vector and matrix instruction sets that kernels choose by" }),
  memory_bytes: z.number().positive(),
  hypervisor: z.string().optional(),
  kernel: z.string(),
  governor: z.string().optional(),
  devices: z.array(z.string()).optional().meta({ description: "Accelerators by name, with driver version" }),
  compiler: z.string().optional(),
  libraries: z.record(z.string(), z.string()).optional().meta({ description: "Library -> version" }),
});
export type Host = z.output<typeof hostSchema>;

export const measurementHeaderSchema = z.strictObject({
  schema: z.literal("exatwin-measurement/1"),
  title: z.string().min(1),
  date: z.iso.datetime({ offset: true }),
  host: hostSchema,
  command: z.string().min(1),
  mode: z.enum(["tiny", "quick", "full"]).optional().meta({ description: "How long the suite spent on a case; intervals of quick runs are wider" }),
  note: z.string().optional(),
});
export type MeasurementHeader = z.output<typeof measurementHeaderSchema>;

export const caseSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const timesSchema = z
  .strictObject({ min: seconds, p10: seconds, median: seconds, p90: seconds, max: seconds, mean: seconds })
  .refine(({ min, p10, median, p90, max, mean }) => min <= p10 && p10 <= median && median <= p90 && p90 <= max && min <= mean && mean <= max, "order statistics in rising order");

export const measurementRowSchema = z.strictObject({
  benchmark: id,
  case: caseSchema.meta({ description: "The independent variables" }),
  work: z.strictObject({ flop: z.number().positive().optional(), bytes: z.number().positive().optional() }).meta({ description: "Of one call: operations (2 per multiply-add), bytes moved at least" }),
  time_s: timesSchema.meta({ description: "Of one call" }),
  count: z.number().int().positive().meta({ description: "Samples" }),
  inner: z.number().int().positive().meta({ description: "Calls per sample" }),
  interrupted: z.number().min(0).max(1).optional().meta({ description: "Share of samples in which the scheduler took the processor away; left out where nobody counted" }),
  pressure: z.number().min(0).max(100).optional().meta({ description: "Per cent of the ten seconds before in which some task waited for a processor" }),
  quiet: z.boolean(),
  checked: z.literal(true).meta({ description: "The result was compared with what it must be" }),
});
export type MeasurementRow = z.output<typeof measurementRowSchema>;

export const skippedSchema = z.strictObject({ benchmark: id, skipped: z.string().min(1) });
export type SkippedBenchmark = z.output<typeof skippedSchema>;

/** A measurement file as it is used: parsed, with the numbers of its lines. */
export interface Measurements {
  readonly header: MeasurementHeader;
  readonly rows: ReadonlyArray<MeasurementRow & { readonly line: number }>;
  readonly skipped: readonly SkippedBenchmark[];
}

/**
 * Published readings of device memory, to compare with what is predicted: which kind of memory was read, of which model under which layout, on which stage. Where a source
 * leaves something out, the group says what was taken for it.
 */
import { z } from "zod";
import { head, id, whole } from "./common.ts";
import { fact } from "./fact.ts";
import { layoutChoicesSchema } from "./plan-layout.ts";
import { transformerOptionsSchema } from "./transformer.ts";

/** Peak of live tensors; what the allocator holds; what the driver shows; live tensors after the step. */
export const memoryKinds = ["allocated", "reserved", "device", "resident"] as const;

const reading = z.strictObject({
  stage: whole(0, 65_535).optional().meta({ description: "Pipeline stage. Left out: the fullest" }),
  measured: fact("data").optional(),
  outOfMemory: z.literal(true).optional().meta({ description: "The run failed for want of memory" }),
  kind: z.enum(memoryKinds).optional().meta({ description: "Where it differs from the document's" }),
  doubtful: z.string().optional().meta({ description: "Why this reading is shown but not scored" }),
});

const group = z.strictObject({
  label: z.string().min(1),
  memory: id.optional().meta({ description: "Memory document, where it differs from the document's" }),
  model: z.string().min(1),
  devices: whole(1),
  plan: layoutChoicesSchema,
  taken: z.string().optional().meta({ description: "What the source does not state and what was taken for it" }),
  readings: z.array(reading).min(1),
});
export type ReadingGroup = z.output<typeof group>;

export const memoryReadingsSchema = z.strictObject({
  ...head,
  kind: z.enum(memoryKinds),
  memory: id.meta({ description: "Memory document of the framework" }),
  fitted: z.string().min(1).meta({ description: "What of the memory document came from these readings" }),
  capacity: fact("data").optional().meta({ description: "What the driver shows of a device, where runs out of memory are listed" }),
  models: z.record(z.string(), transformerOptionsSchema),
  groups: z.array(group).min(1),
});
export type MemoryReadings = z.output<typeof memoryReadingsSchema>;

/** Where a stack keeps tensors that the host and a device both touch, and what it costs to bring them over: the memory kinds of MagmaDNN and of stacks like it. Left out: tensors live on the device and the network reads them there. */
import { z } from "zod";
import { fact } from "./fact.ts";

export const tensorKinds = ["host", "device", "managed", "cuda-managed"] as const;

export const stackTensorsSchema = z.strictObject({
  kind: z.enum(tensorKinds).meta({ description: "host: on the host, copied to the device and back at every use; device: on the device alone; managed: a copy on each side, brought in line by explicit copies; cuda-managed: unified memory, pages move when touched" }),
  deviceMessages: z.boolean().meta({ description: "Messages leave from device memory; if not, gradients are copied to the host before each sum and back after it" }),
  migration: fact("fraction", { min: 0.01, max: 1 }).optional().meta({ description: "Of cuda-managed: share of the host link that moving pages reach" }),
  fault: fact("time", { min: 0 }).optional().meta({ description: "Of cuda-managed: time of one fault, for a group of pages" }),
  faultGroup: fact("data").optional().meta({ description: "Of cuda-managed: bytes that one fault brings" }),
}).superRefine(({ kind, migration, fault, faultGroup }, context) => {
  if (kind !== "cuda-managed") return;
  for (const [key, value] of Object.entries({ migration, fault, faultGroup })) {
    if (value !== undefined) continue;
    const problem = { code: "missing-key", got: "nothing", expected: `${key} of pages that move when touched` };
    context.addIssue({ code: "custom", path: [key], message: problem.expected, params: { problem } });
  }
});
export type StackTensors = z.output<typeof stackTensorsSchema>;

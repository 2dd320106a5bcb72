/**
 * Published times of collectives and messages that the network's parameters are fitted to: which file or which times, where it was published, and what the
 * output does not say itself, such as how many nodes. Large outputs are not part of the repository; docs/network-fits.md names the command that reads them.
 */
import { z } from "zod";
import { fact } from "./fact.ts";
import { head, id, whole } from "./common.ts";

const published = z.string().min(1).meta({ description: "Repository and revision, or page" });
const node = {
  machine: id.optional().meta({ description: "The machine document that stands for this machine" }),
  nodeLink: id.optional().meta({ description: "As machine.node.deviceLink.technology" }),
  fabric: id.optional().meta({ description: "As machine.fabric.technology" }),
  line: fact("bandwidth").optional().meta({ description: "Line rate of one direction: of all network ports of a node, or in one node of a device's links" }),
  switched: z.boolean().meta({ description: "The node's devices reach each other through a switch: what NCCL gives two nodes twice the tree's bandwidth for" }),
};

const filed = z.strictObject({
  id,
  title: z.string().min(1),
  file: z.string().min(1),
  part: z.string().optional().meta({ description: "Part of a file that joins several runs, as its lines name it" }),
  nodes: whole(1, 1e6),
  library: z.enum(["nccl", "rccl"]),
  ...node,
  forced: z.enum(["ring", "tree"]).optional().meta({ description: "Where the publisher fixed the algorithm, or the times at several scales tell it" }),
  documented: z.boolean().default(false).meta({ description: "Has a calibration document of its own: every machine and scale once, sizes from bytes to gigabytes, errors within 3 and 10 %" }),
  published,
});
export type PublishedSeries = z.output<typeof filed>;

const scale = z.strictObject({
  nodes: whole(1, 1e6),
  environment: z.string().min(1).meta({ description: "What was set for the library: times of different environments are of different stacks" }),
  informs: z.boolean().meta({ description: "Whether the fit may see these times; the others are predicted" }),
  times_us: z.array(z.number().positive()).min(1).meta({ description: "By size, out of place" }),
});

const scales = z
  .strictObject({ id, title: z.string().min(1), note: z.string().optional(), devicesPerNode: whole(1, 1024), library: z.enum(["nccl", "rccl"]), ...node, published, file: z.string().min(1), sizes_bytes: z.array(z.number().positive()).min(1), scales: z.array(scale).min(2) })
  .superRefine(({ sizes_bytes, scales: list }, context) => {
    for (const [index, { times_us }] of list.entries()) {
      if (times_us.length === sizes_bytes.length) continue;
      const problem = { code: "wrong-value", got: `${times_us.length} times`, expected: `${sizes_bytes.length} times, one for each size` };
      context.addIssue({ code: "custom", path: ["scales", index, "times_us"], message: problem.expected, params: { problem } });
    }
  });
/** One stack at several scales, with its times. */
export type PublishedScales = z.output<typeof scales>;

const messages = z.strictObject({ title: z.string().min(1), file: z.string().min(1), published });
export type PublishedMessages = z.output<typeof messages>;

export const seriesSchema = z.strictObject({
  ...head,
  collectives: z.array(filed).default([]).meta({ description: "Outputs of nccl-tests and rccl-tests" }),
  scales: z.array(scales).default([]).meta({ description: "Tables short enough to stand here" }),
  messages: z.array(messages).default([]).meta({ description: "Outputs of the OSU micro-benchmarks with at least eight sizes" }),
});
export type SeriesDocument = z.output<typeof seriesSchema>;

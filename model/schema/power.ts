/**
 * Blocks of a machine document for energy and money: what the parts of a node draw besides its devices, what nodes share, and what a site adds. Each part that is left out is told as
 * not known and never guessed. Devices have `power` and `idlePower` in their own documents; prices and grids are documents of their own.
 */
import { z } from "zod";
import { fact } from "./fact.ts";
import { id } from "./common.ts";

export const powerSchema = z.strictObject({
  processors: z
    .strictObject({
      count: fact("count", { min: 1 }),
      idle: fact("power").meta({ description: "One host processor without work" }),
      full: fact("power").meta({ description: "One host processor with all cores at work" }),
      load: fact("fraction", { min: 0, max: 1 }).meta({ description: "Share of the way from idle to full while devices train" }),
    })
    .optional(),
  memory: fact("power", { min: 0 }).optional().meta({ description: "Host memory of a node" }),
  networkPorts: z.strictObject({ count: fact("count", { min: 1 }), each: fact("power", { min: 0 }) }).optional(),
  deviceSwitches: fact("power", { min: 0 }).optional().meta({ description: "Switches that join the devices of a node, all together" }),
  other: fact("power", { min: 0 }).optional().meta({ description: "Boards, regulators and management of a node" }),
  localStorage: fact("power", { min: 0 }).optional(),
  fans: fact("fraction", { min: 0, max: 1 }).optional().meta({ description: "Fans over everything else in the node; 0 where a liquid takes the heat away" }),
  conversion: fact("fraction", { min: 0.5, max: 1 }).optional().meta({ description: "Power that reaches the parts over power that enters the node or its rack" }),
  switches: z.strictObject({ count: fact("count", { min: 1 }), each: fact("power") }).optional().meta({ description: "Switches of the fabric; a job has the share of its nodes" }),
  fileSystem: fact("power").optional().meta({ description: "The parallel file system; a job has the share of its nodes" }),
  moduleCap: fact("power").optional().meta({ description: "The most that one device takes together with its processor, where one budget holds both" }),
  pue: fact("fraction", { min: 1, max: 5 }).optional().meta({ description: "Power of the site over that of its computers" }),
  grid: id.optional().meta({ description: "The grid document that says what its electricity emits" }),
});
export type MachinePower = z.output<typeof powerSchema>;

/** Parts of a machine document that say which devices of a job are slower than the others beyond the spread of equal ones. All are optional: without them devices are equal but for that spread. */
import { z } from "zod";
import { id } from "./common.ts";
import { fact } from "./fact.ts";

const slowdown = fact("fraction", { min: 1, max: 1000 }).meta({ description: "Their time over that of the others for the same work: 1.1 is a tenth slower" });

export const unequalDevices = {
  slowDevices: z
    .strictObject({ share: fact("fraction", { min: 0, max: 1 }).meta({ description: "Share of all devices of the machine, anywhere in it" }), slowdown })
    .optional()
    .meta({ description: "Throttled or otherwise slow devices; a job gets as many as chance gives it" }),
  slowNodes: z
    .strictObject({
      count: fact("count", { min: 0 }).optional().meta({ description: "Nodes of the job, not of the machine" }),
      share: fact("fraction", { min: 0, max: 1 }).optional().meta({ description: "Instead of a count: share of all nodes of the machine; a job gets as many as chance gives it" }),
      slowdown,
    })
    .superRefine(({ count, share }, context) => {
      if ((count === undefined) !== (share === undefined)) return;
      const problem = { code: "wrong-value", got: count === undefined ? "neither count nor share" : "both count and share", expected: "count, the slow nodes of the job, or share, of the machine's nodes" };
      context.addIssue({ code: "custom", path: ["count"], message: problem.expected, params: { problem } });
    })
    .optional()
    .meta({ description: "Whole nodes whose devices are slow" }),
  otherDevices: z
    .strictObject({
      device: id.meta({ description: "Device document of the other kind" }),
      share: fact("fraction", { min: 0, max: 1 }).meta({ description: "Share of the job's devices that are of the other kind" }),
      balance: z.enum(["equal", "proportional"]).default("equal").meta({ description: "equal: every device gets the same samples; proportional: samples by speed, so that all end together" }),
    })
    .optional()
    .meta({ description: "Devices of another kind in the same job" }),
};

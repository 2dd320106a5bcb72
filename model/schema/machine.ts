/** A machine document: nodes, what is inside one, the fabric between them, storage, and how equal its devices are. */
import { z } from "zod";
import { fact } from "./fact.ts";
import { head, id, precisions, whole } from "./common.ts";
import { interconnectSchema } from "./interconnect.ts";
import { reliabilitySchema } from "./reliability.ts";
import { powerSchema } from "./power.ts";
import { localStorageSchema, pageCacheSchema, sharedStorageSchema } from "./storage.ts";
import { unequalDevices } from "./unequal-devices.ts";

export const topologies = ["fat-tree", "dragonfly", "dragonfly-plus", "torus", "other"] as const;

const technology = (example: string) => id.optional().meta({ description: `Generation of the link, such as ${example}: machines with the same one lend each other fitted times of collectives` });

const productSharing = Object.fromEntries(precisions.map((name) => [name, fact("fraction", { min: 1, max: 100 }).optional()])) as Record<(typeof precisions)[number], z.ZodOptional<ReturnType<typeof fact>>>;

export const machineSchema = z.strictObject({
  ...head,
  site: z.string(),
  years: z.string().optional(),
  nodes: fact("count", { min: 1 }),
  node: z.strictObject({
    device: id,
    devices: fact("count", { min: 1 }),
    timeSharing: whole(1, 64).default(1).meta({ description: "Ranks that take turns on one device; each counts as a device of the node" }),
    memorySharing: fact("fraction", { min: 1, max: 100 }).optional().meta({ description: "Time of memory-bound work while all devices work, over that of one alone, where they share one memory; 1 where left out" }),
    productSharing: z.strictObject(productSharing).optional().meta({ description: "Time of dense products and convolutions while all devices work, over that of one alone, by precision, where they share power or clock; 1 where left out" }),
    hostMemory: fact("data").optional(),
    deviceLink: z
      .strictObject({
        bandwidth: fact("bandwidth").meta({ description: "What a collective inside the node reaches per device and direction" }),
        latency: fact("time"),
        technology: technology("nvlink-3"),
        halfSize: fact("data").optional().meta({ description: "Bytes at which a collective reaches half of the bandwidth" }),
        domain: whole(1).optional().meta({ description: "Devices that the link joins where they are more than those of a node: of a rack or a slice" }),
      })
      .optional()
      .meta({ description: "The link between devices of a node; left out where a node has one device" }),
    cores: fact("count", { min: 1 }).optional().meta({ description: "Processor cores of the node: readers of all its devices share them; left out: as many as readers" }),
    hostLink: z.strictObject({
      bandwidth: fact("bandwidth").meta({ description: "Host to device copies, per device" }),
      node: fact("bandwidth").optional().meta({ description: "Host to device copies, all devices of the node together; left out: devices share nothing" }),
    }),
    injection: fact("bandwidth").meta({ description: "All NICs of the node together, one direction" }),
    sharedCore: z
      .strictObject({
        communication: fact("bandwidth").meta({ description: "Rate at which waiting for the busy core holds a collective up: its bandwidth beside compute if links were endless" }),
        processing: fact("bandwidth").meta({ description: "Bytes of a collective that the core moves in a second that it takes from compute" }),
        blockingCall: fact("time", { min: 0 }).optional().meta({ description: "The least that a collective takes on average, however small, where the rank waits for each before it starts the next: threads of the library wait for their turn on the core" }),
      })
      .optional()
      .meta({ description: "Where collectives run on the core that computes; left out where they have an engine or a core of their own" }),
    localStorage: localStorageSchema.optional(),
    pageCache: pageCacheSchema.optional().meta({ description: "Left out: what is read again is read from storage again" }),
  }).superRefine(({ devices, deviceLink }, context) => {
    if (!(devices.value > 1) || deviceLink) return;
    const problem = { code: "missing-key", got: "nothing", expected: "a link between the devices: bandwidth and latency", hint: `the node has ${devices.value} devices` };
    context.addIssue({ code: "custom", path: ["deviceLink"], message: problem.expected, params: { problem } });
  }),
  fabric: z.strictObject({
    topology: z.enum(topologies),
    technology: technology("slingshot-11"),
    latency: fact("time").meta({ description: "One message between two nodes, small, end to end" }),
    efficiency: fact("fraction", { min: 0.01, max: 1 }).meta({ description: "Share of the injection bandwidth that a large reduction reaches" }),
    collectiveLatency: fact("time").optional().meta({ description: "Time per rank of a collective between nodes without bytes" }),
    sliceContention: fact("fraction", { min: 0 }).optional().meta({ description: "Growth of the time between slices of a pod per further slice" }),
    messageOverhead: fact("time").meta({ description: "Host time to send or receive one small MPI message" }),
  }),
  interconnect: interconnectSchema.optional().meta({ description: "The network link by link, for the events engine and pictures" }),
  fileSystem: sharedStorageSchema,
  burstBuffer: sharedStorageSchema.optional().meta({ description: "A second system that all nodes share, faster and smaller" }),
  power: powerSchema.optional().meta({ description: "What nodes draw besides their devices, and what the site adds; left out: not known" }),
  reliability: reliabilitySchema.optional().meta({ description: "How often jobs are interrupted and how long they then stand; exatwin train reads it" }),
  deviceSpread: z.strictObject({
    sigma: fact("fraction", { min: 0, max: 1 }).meta({ description: "Relative standard deviation of speed between devices that do equal work" }),
    tail: fact("fraction", { min: 0.1, max: 10 }).meta({ description: "How much further out the slowest device lies than a normal law says" }),
    jitter: fact("fraction", { min: 0, max: 1 }).optional().meta({ description: "Relative standard deviation of one device's work from step to step; left out: not known, and not in the prediction" }),
  }),
  ...unequalDevices,
});
export type Machine = z.output<typeof machineSchema>;

/**
 * A calibration document: what was fitted for a device, a host or a stack family, from which measurements, how well. Written by `calibrate`, not by hand.
 * Device documents hold constants of the kernel model. Operations documents hold measured times of single operations with the surface that interpolates
 * them. Host documents hold curves over one variable (latency and bandwidth, saturation, cache levels). Stack documents hold estimates of one parameter,
 * each with the run points it was taken from, so that a prediction can leave out what it is compared with.
 * Collective documents hold the parameters of a communication library's time on one machine, with the times they were fitted to.
 * Corpus documents hold what many runs together say of the parameters of a model, by scope. Failure-law documents hold how often jobs of several sites were interrupted.
 */
import { z } from "zod";
import { head, id, precision } from "./common.ts";
import { caseSchema, hostSchema } from "./measurement.ts";
import { recoveryFacts } from "./reliability.ts";

const positive = z.number().positive();

const deviceScope = z.strictObject({ kind: z.literal("device"), device: id, precision });
const stackScope = z.strictObject({ kind: z.literal("stack"), family: id, parameter: z.string() });

export const parameterSchema = z.strictObject({
  value: z.union([z.number(), z.string()]).meta({ description: "A number, or a quantity string where it has a unit" }),
  standardError: z.number().min(0).meta({ description: "Of the natural logarithm of the value" }),
  unit: z.string().optional(),
  note: z.string().optional(),
});

const estimateSchema = z.strictObject({
  value: positive,
  standardError: z.number().positive().meta({ description: "Of the natural logarithm of the value" }),
  run: id,
  point: id,
  workload: id,
  device: id,
  note: z.string().optional(),
});

const deviceCalibrationSchema = z.strictObject({
  ...head,
  scope: deviceScope,
  method: z.string(),
  from: z.array(z.strictObject({ file: z.string(), sha256: z.string(), source: z.string() })),
  rows: z.strictObject({ used: z.number(), excluded: z.array(z.strictObject({ rule: z.string(), count: z.number() })) }),
  residuals: z.record(z.string(), z.unknown()),
  parameters: z.record(z.string(), parameterSchema),
});
export type DeviceCalibration = z.output<typeof deviceCalibrationSchema>;

const stackCalibrationSchema = z.strictObject({
  ...head,
  scope: stackScope,
  method: z.string(),
  transferError: z.number().min(0).meta({ description: "Standard error of the log when an estimate is carried to another workload" }),
  estimates: z.array(estimateSchema).min(1),
});
export type StackCalibration = z.output<typeof stackCalibrationSchema>;

const from = z.array(z.strictObject({ file: z.string(), sha256: z.string(), source: z.string(), rows: z.number().int().optional() }));
const made = { date: z.iso.datetime({ offset: true }), host: hostSchema, method: z.string(), from };

/** Time of one kind of operation as a function of its sizes: a Gaussian process on the logarithm of the time over a simple bound. */
export const surfaceSchema = z.strictObject({
  operation: id.meta({ description: "Kind of operation, such as convolution, or a kind of point-wise layer" }),
  pass: z.enum(["forward", "backward", "data-gradient", "weight-gradient", "update"]),
  features: z.array(z.string()).min(1).meta({ description: "Sizes that the time depends on; the surface is over their logarithms" }),
  lengthScales: z.array(positive).min(1).meta({ description: "By feature: the distance in the logarithm over which the time changes its course" }),
  callBound_s: z.number().min(0).optional().meta({ description: "Added to every bound: work of a size that takes this long at the bound costs as much as a call of itself. Absent: 0" }),
  mean: z.number().meta({ description: "Of log(time / (bound + callBound))" }),
  signal: positive.meta({ description: "Standard deviation of that logarithm over the sizes" }),
  noise: positive.meta({ description: "Standard deviation of one measurement" }),
  points: z.array(z.array(z.number())).min(1).meta({ description: "Rows of features, then bound in s, then measured time in s" }),
  residuals: z.strictObject({ n: z.number(), median: z.number(), p90: z.number(), worst: z.number() }).meta({ description: "Relative, each point predicted from the others" }),
});
export type SurfaceDocument = z.output<typeof surfaceSchema>;

const operationsCalibrationSchema = z.strictObject({
  ...head,
  scope: z.strictObject({ kind: z.literal("operations"), device: id, precision, family: id.optional().meta({ description: "Stack family whose operations were timed; left out where a library was called without a framework" }) }),
  ...made,
  bounds: z.strictObject({ flop_per_s: positive, bytes_per_s: positive }).meta({ description: "Rates that the simple bound of each point was computed with" }),
  commonError: z.number().min(0).meta({ description: "Standard error of the log of the sum over a whole network, common to its operations" }),
  surfaces: z.array(surfaceSchema).min(1),
});
export type OperationsCalibration = z.output<typeof operationsCalibrationSchema>;

const fittedSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number(), unit: z.string().meta({ description: "SI: s, B, B/s, flop/s or 1" }) });

/** One curve through the rows of one benchmark that differ in one variable. */
export const curveFitSchema = z.strictObject({
  id,
  title: z.string(),
  benchmark: id,
  case: caseSchema.meta({ description: "What the rows have in common" }),
  x: z.strictObject({ name: z.string(), unit: z.string() }),
  y: z.strictObject({ name: z.string(), unit: z.string() }),
  model: z.string().meta({ description: "Of the candidates, the one with the least Bayesian information criterion" }),
  parameters: z.record(z.string(), fittedSchema),
  points: z.array(z.strictObject({ x: z.number(), y: z.number().meta({ description: "Median" }), min: z.number(), p10: z.number(), p90: z.number(), line: z.number().int(), quiet: z.boolean(), excluded: z.string().optional().meta({ description: "Why the fit does not take it" }) })).min(1),
  curve: z.array(z.strictObject({ x: z.number(), y: z.number(), low: z.number(), high: z.number() })),
  breaks: z.array(z.number()).meta({ description: "Where one regime ends and the next begins" }),
  candidates: z.array(z.strictObject({ model: z.string(), parameters: z.number().int(), median: z.number(), worst: z.number(), bic: z.number() })),
  residuals: z.strictObject({ n: z.number().int(), median: z.number(), p90: z.number(), worst: z.number() }),
  expectation: z.strictObject({ label: z.string(), value: z.number(), unit: z.string() }).optional().meta({ description: "What a data sheet or the shaping of a link says" }),
});
export type CurveFit = z.output<typeof curveFitSchema>;

const hostCalibrationSchema = z.strictObject({
  ...head,
  scope: z.strictObject({ kind: z.literal("host"), machine: id }),
  ...made,
  seed: z.number().int().meta({ description: "Of the bootstrap" }),
  fits: z.array(curveFitSchema),
  skipped: z.array(z.strictObject({ benchmark: id, reason: z.string(), effect: z.string().meta({ description: "What that does to predictions" }) })),
});
export type HostCalibration = z.output<typeof hostCalibrationSchema>;

const collectiveCalibrationSchema = z.strictObject({
  ...head,
  scope: z.strictObject({
    kind: z.literal("collective"),
    library: id.meta({ description: "Communication library, such as nccl" }),
    operation: z.enum(["all-reduce", "all-gather", "reduce-scatter", "broadcast", "reduce", "all-to-all", "send-recv"]),
    shapes: z.array(z.strictObject({ nodes: z.number().int().positive(), devicesPerNode: z.number().int().positive() })).min(1).meta({ description: "Groups that were timed" }),
    machine: id.optional().meta({ description: "The machine document that stands for what was timed, where there is one" }),
    nodeLink: id.optional().meta({ description: "Links between the devices of a node, such as nvlink-3: as machine.node.deviceLink.technology" }),
    fabric: id.optional().meta({ description: "Network between nodes, such as slingshot-11: as machine.fabric.technology" }),
    switched: z.boolean().meta({ description: "The devices of a node meet in a switch" }),
    line_bytes_per_s: positive.optional().meta({ description: "Line rate of one direction: of all network ports of a node, or in one node of a device's links" }),
  }),
  method: z.string(),
  from: z.array(z.strictObject({ file: z.string(), sha256: z.string().optional(), published: z.string().meta({ description: "Repository and revision, or page" }), rows: z.number().int() })).min(1),
  rules: z.array(z.strictObject({ rule: id, effect: z.enum(["left-out", "replaced", "remarked"]), bytes: z.array(z.number()) })).meta({ description: "What was done with times that look wrong" }),
  parameters: z.record(z.string(), parameterSchema),
  residuals: z.strictObject({ n: z.number().int(), median: z.number(), p90: z.number(), worst: z.number(), bias: z.number() }).meta({ description: "Relative" }),
  points: z.array(z.strictObject({ nodes: z.number().int(), bytes: z.number(), form: z.enum(["tree", "ring"]), measured_s: positive, predicted_s: positive })).min(1),
});
export type CollectiveCalibration = z.output<typeof collectiveCalibrationSchema>;

/** What scenarios are compared with the runs of a fit by: devices, tokens of a pass and device, channels of a transformer, samples a device. */
export const domainQuantities = ["devices", "tokensPerPass", "hidden", "samplesPerDevice"] as const;

/** Parameters of many runs fitted at once (calibrate/fit): each effect multiplies a parameter of all that share its scope. */
const corpusCalibrationSchema = z.strictObject({
  ...head,
  scope: z.strictObject({ kind: z.literal("corpus"), workload: z.enum(["transformer", "layers"]) }),
  method: z.string(),
  from: z.array(z.strictObject({ file: z.string(), sha256: z.string(), series: z.number().int(), points: z.number().int() })).min(1),
  noise: positive.meta({ description: "Standard deviation of the logarithm between one run and the model at the true parameters" }),
  noiseWithExperts: positive.optional().meta({ description: "The same of a model with experts, whose dispatch no source states whole" }),
  robust: positive.meta({ description: "Residual at which a run begins to count less, in multiples of its noise" }),
  runs: z.number().int().meta({ description: "That were learned from" }),
  domain: z.partialRecord(z.enum(domainQuantities), z.strictObject({ low: positive, high: positive })).optional().meta({ description: "Smallest and largest of what the runs that were learned from have; predictions outside are told and have wider intervals" }),
  learned: z.array(z.string()).meta({ description: "Series that were learned from: a prediction of one of them is no test of this fit" }),
  effects: z
    .array(
      z.strictObject({
        parameter: z.string(),
        scope: z.string().meta({ description: "all, or what shares the effect: device ID, device ID RECIPE, link or fabric TECHNOLOGY, family ID, stack ID" }),
        factor: positive.meta({ description: "On the value of the documents" }),
        standardError: positive.meta({ description: "Of the logarithm of the factor" }),
        prior: positive.meta({ description: "Standard deviation of that logarithm before any run" }),
        series: z.array(z.string()).meta({ description: "That told most of it" }),
      }),
    )
    .meta({ description: "Effects that the runs inform; all others keep their priors" }),
  covariance: z.array(z.array(z.number())).meta({ description: "Of the logarithms, lower triangle, in the order of the effects" }),
});
export type CorpusCalibration = z.output<typeof corpusCalibrationSchema>;

/** Parameters of the power law that all devices of one class share (model/energy). */
const powerCalibrationSchema = z.strictObject({
  ...head,
  scope: z.strictObject({ kind: z.literal("power"), class: z.literal("accelerator") }),
  method: z.string(),
  parameters: z.record(z.string(), z.strictObject({ value: positive, standardError: z.number().min(0).meta({ description: "Of the natural logarithm of the value" }), prior: positive, priorError: z.number().min(0), note: z.string() })),
  covariance: z.array(z.array(z.number())).meta({ description: "Of the logarithms, lower triangle, in the order of the parameters" }),
  from: z.array(z.strictObject({ figure: z.string().meta({ description: "Id in scenarios/facts" }), source: id })).min(1),
  residuals: z.strictObject({ n: z.number().int(), mape: z.number(), worst: z.number(), leaveOneOutMape: z.number(), leaveOneOutWorst: z.number() }).meta({ description: "Relative, of node power; left out means fitted without that run" }),
});
export type PowerCalibration = z.output<typeof powerCalibrationSchema>;

/** How often jobs are interrupted, from what several sites published: for machines that do not state it. */
const failureLawSchema = z.strictObject({
  ...head,
  scope: z.strictObject({ kind: z.literal("failure-law"), of: id.meta({ description: "What kind of machines" }) }),
  method: z.string(),
  ...recoveryFacts,
  betweenSites: positive.meta({ description: "Standard deviation of the logarithm of the interval between sites; the range of nodeInterval is that of a site not seen" }),
  devicesPerNode: positive.meta({ description: "Of the nodes that nodeInterval is of: other nodes are taken to fail in proportion to their devices" }),
  sites: z.array(z.strictObject({ site: z.string(), nodes: positive, nodeInterval_d: positive, standardError: z.number().min(0).meta({ description: "Of the logarithm" }), figures: z.array(z.string()).min(1).meta({ description: "Of scenarios/facts" }) })).min(1).meta({ description: "That were learned from" }),
});
export type FailureLawCalibration = z.output<typeof failureLawSchema>;

export const calibrationSchema = z.union([failureLawSchema, deviceCalibrationSchema, stackCalibrationSchema, operationsCalibrationSchema, hostCalibrationSchema, collectiveCalibrationSchema, corpusCalibrationSchema, powerCalibrationSchema]);
export type Calibration = z.output<typeof calibrationSchema>;

export const isDeviceCalibration = (document: Calibration): document is DeviceCalibration => document.scope.kind === "device";
export const isStackCalibration = (document: Calibration): document is StackCalibration => document.scope.kind === "stack";
export const isOperationsCalibration = (document: Calibration): document is OperationsCalibration => document.scope.kind === "operations";
export const isHostCalibration = (document: Calibration): document is HostCalibration => document.scope.kind === "host";
export const isCollectiveCalibration = (document: Calibration): document is CollectiveCalibration => document.scope.kind === "collective";
export const isPowerCalibration = (document: Calibration): document is PowerCalibration => document.scope.kind === "power";
export const isFailureLaw = (document: Calibration): document is FailureLawCalibration => document.scope.kind === "failure-law";
export const isCorpusCalibration = (document: Calibration): document is CorpusCalibration => document.scope.kind === "corpus";

/** The fit of many runs of one kind of network. */
export const corpusOf = (calibrations: readonly Calibration[], workload: CorpusCalibration["scope"]["workload"]): CorpusCalibration | undefined => calibrations.filter(isCorpusCalibration).find(({ scope }) => scope.workload === workload);

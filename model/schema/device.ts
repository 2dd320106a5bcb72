/** A device document: what a data sheet says of one accelerator. */
import { z } from "zod";
import { fact } from "./fact.ts";
import { head, id, precision, precisions } from "./common.ts";

/** Of the model of convolutions (compute/convolution-types.ts), by the names that calibration documents have for them. */
const dimensionlessConstants = ["ceilingForward", "ceilingDataGradient", "ceilingWeightGradient", "kRamp", "tileTraffic", "memoryEfficiency", "stridedDataGradient", "smallWeightGradient", "pointwiseWeightGradient", "winogradCeiling", "unalignedPeakFactor"] as const;
const ceiling = (name: string) => fact("fraction", { min: 0.01, max: 1.2 }).optional().meta({ description: `Share of the ${name} peak that large matrix products reach` });

const peaks = Object.fromEntries(precisions.map((name) => [name, fact("rate").optional()])) as Record<(typeof precisions)[number], z.ZodOptional<ReturnType<typeof fact>>>;

const constant = fact("fraction", { min: 0.001, max: 1000 }).optional();
const ownConstants = { ...Object.fromEntries(dimensionlessConstants.map((name) => [name, constant])), launch: fact("time").optional() } as Record<(typeof dimensionlessConstants)[number], typeof constant> & { launch: z.ZodOptional<ReturnType<typeof fact>> };

export const deviceSchema = z.strictObject({
  ...head,
  vendor: z.string(),
  year: z.number().int().min(1990).max(2100),
  peaks: z.strictObject(peaks).meta({ description: "Dense peak rate by precision, on tensor cores where tensorCores lists the precision" }),
  tensorCores: z.array(precision).meta({ description: "Precisions whose peak is reached on matrix units and needs channel multiples" }),
  multiprocessors: fact("count", { min: 1 }).meta({ description: "Streaming multiprocessors (or compute units) that blocks are spread over" }),
  exponentials: fact("rate").optional().meta({ description: "Exponentials a second, an operation each; fused attention waits for them. Left out: attention's products alone count" }),
  l2: fact("data"),
  memory: z.strictObject({
    capacity: fact("data"),
    visible: fact("data").optional().meta({ description: "What the driver shows of it; left out: all" }),
    bandwidth: fact("bandwidth"),
    efficiency: fact("fraction", { min: 0.01, max: 1 }).meta({ description: "Share of the bandwidth that element-wise kernels reach" }),
  }),
  power: fact("power").optional().meta({ description: "The most that the board takes for long (TDP, TGP or TBP); its clock falls where work asks for more" }),
  idlePower: fact("power").optional().meta({ description: "What the board takes without work while a program holds it" }),
  products: z
    .strictObject({
      ceiling: z.strictObject({ bf16: ceiling("16-bit"), fp8: ceiling("8-bit"), fp4: ceiling("4-bit"), fp32: ceiling("32-bit") }),
      innerRamp: fact("count").meta({ description: "Inner extent at which a product takes twice its time, in 16-bit elements" }),
      outerRamp: fact("count").meta({ description: "Smaller outer extent at which a product takes twice its time, in 16-bit elements" }),
    })
    .optional()
    .meta({ description: "What is expected of matrix products of transformers before any run is seen" }),
  matrixUnit: fact("count", { min: 1, max: 1024 }).optional().meta({ description: "Rows and columns of one matrix unit, which all products are cut to; left out: tiles of any size of a library's menu" }),
  kernelsLike: z
    .strictObject({
      device: id,
      spread: fact("fraction", { min: 0, max: 2 }),
      constants: z.strictObject(ownConstants).optional().meta({ description: "Constants that the device's own documents tell better than the stand-in; their error is in the spread" }),
    })
    .optional()
    .meta({ description: "Where this device has no kernel calibration of its own: whose constants stand in, and with what relative error" }),
});
export type Device = z.output<typeof deviceSchema>;

/**
 * A calibration document: what was fitted for a device or a stack family, from which measurements, how well. Written by `calibrate`, not by hand.
 * Device documents hold constants of the kernel model. Stack documents hold estimates of one parameter, each with the run points it was taken from,
 * so that a prediction can leave out what it is compared with.
 */
import { z } from "zod";
import { head, id, precision } from "./common.ts";

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

export const calibrationSchema = z.union([deviceCalibrationSchema, stackCalibrationSchema]);
export type Calibration = z.output<typeof calibrationSchema>;

export const isDeviceCalibration = (document: Calibration): document is DeviceCalibration => document.scope.kind === "device";

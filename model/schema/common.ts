/** Pieces that several documents share. */
import { z } from "zod";

export const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "an id: lower-case letters, digits, dots and dashes, such as \"summit\"").meta({ description: "Unique name of the document: its file name without .json" });

export const precisions = ["fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4"] as const;
export type Precision = (typeof precisions)[number];
export const precision = z.enum(precisions);

/** How samples lie in files. */
export const dataFormats = ["hdf5", "tfrecord", "tfrecord-gzip", "npz", "jpeg", "recordio", "indexed-binary"] as const;
export type DataFormat = (typeof dataFormats)[number];

export const elementBytes: Record<Precision, number> = { fp64: 8, fp32: 4, tf32: 4, bf16: 2, fp16: 2, fp8: 1, int8: 1, fp4: 0.5 };

/** What every document begins with. `source` stands for all facts of the document that are written as a bare string. */
export const head = {
  $schema: z.string().optional().meta({ description: "Where an editor finds the JSON Schema of this document" }),
  id,
  title: z.string().min(1).meta({ description: "What people call it" }),
  note: z.string().optional(),
  source: z.string().optional().meta({ description: "Id in sources.json of the source of all facts written as a bare string" }),
};

export const whole = (least: number, most = 1e9) => z.number().int().min(least).max(most);

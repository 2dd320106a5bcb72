/**
 * Training runs to be made on hosts of one machine, declared before they are measured: what each cell trains, over which link, and whether its result may
 * inform a prediction ("fit") or is only compared with one ("held-out").
 */
import { z } from "zod";
import { parseQuantity } from "../units.ts";
import { head, id, whole } from "./common.ts";

const quantity = (dimension: "data" | "bandwidth") =>
  z.string().refine((text) => parseQuantity(text, dimension).ok, dimension === "data" ? "an amount of data, such as \"4 MiB\"" : "a rate, such as \"1 Gbit/s\"");

export const schemes = ["ddp", "per-tensor", "none"] as const;
export const loaders = ["none", "decode", "decode-cold"] as const;

export const cellSchema = z.strictObject({
  id,
  workload: id,
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional().meta({ description: "Changes to the workload's options" }),
  batch: whole(1, 65_536),
  bucket: quantity("data"),
  rate: z.union([z.literal("unshaped"), quantity("bandwidth")]).meta({ description: "Of the link of each host" }),
  ranks: whole(1, 64),
  ranksPerCore: whole(1, 8).default(1),
  scheme: z.enum(schemes).meta({ description: "ddp: buckets summed beside the backward pass; per-tensor: each gradient by itself after it, blocking; none: one rank" }),
  accumulation: whole(1, 64).default(1),
  loader: z.enum(loaders).default("none").meta({ description: "none: samples are in memory; decode: files in the page cache; decode-cold: files on the disk" }),
  use: z.enum(["fit", "held-out"]),
});
export type TrainingCell = z.output<typeof cellSchema>;

export const trainingCellsSchema = z.strictObject({
  ...head,
  declared: z.iso.date().meta({ description: "Before anything of it was measured" }),
  cells: z.array(cellSchema).min(1),
});

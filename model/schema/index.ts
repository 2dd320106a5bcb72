/** The kinds of document, each with its schema. Adding a kind is a file and its line here. */
import type { z } from "zod";
import { calibrationSchema } from "./calibration.ts";
import { catalogueRulesSchema } from "./catalogue-rules.ts";
import { convergenceSchema } from "./convergence.ts";
import { deviceSchema } from "./device.ts";
import { gridSchema } from "./grid.ts";
import { layerCatalogueRulesSchema } from "./layer-catalogue-rules.ts";
import { launchRecipesSchema } from "./launch-recipes.ts";
import { machineSchema } from "./machine.ts";
import { measurementHeaderSchema, measurementRowSchema } from "./measurement.ts";
import { memorySchema } from "./memory.ts";
import { memoryReadingsSchema } from "./memory-readings.ts";
import { planSchema } from "./plan.ts";
import { priceSchema } from "./price.ts";
import { publishedFactsSchema } from "./published-facts.ts";
import { publishedRunsSchema } from "./published-runs.ts";
import { runSchema } from "./run.ts";
import { seriesSchema } from "./series.ts";
import { sourcesSchema } from "./sources.ts";
import { stackSchema } from "./stack.ts";
import { trainingCellsSchema } from "./training-cells.ts";
import { workloadSchema } from "./workload.ts";

export const documentSchemas = {
  device: deviceSchema,
  machine: machineSchema,
  workload: workloadSchema,
  plan: planSchema,
  memory: memorySchema,
  stack: stackSchema,
  run: runSchema,
  calibration: calibrationSchema,
  convergence: convergenceSchema,
  price: priceSchema,
  grid: gridSchema,
  sources: sourcesSchema,
  measurement: measurementRowSchema,
  "measurement-header": measurementHeaderSchema,
  "training-cells": trainingCellsSchema,
  series: seriesSchema,
  "catalogue-rules": catalogueRulesSchema,
  "layer-catalogue-rules": layerCatalogueRulesSchema,
  "launch-recipes": launchRecipesSchema,
  "memory-readings": memoryReadingsSchema,
  "published-facts": publishedFactsSchema,
  "published-runs": publishedRunsSchema,
} as const;

export type DocumentKind = keyof typeof documentSchemas;
export type DocumentOf<K extends DocumentKind> = z.output<(typeof documentSchemas)[K]>;
export const documentKinds = Object.keys(documentSchemas) as DocumentKind[];

/** Folder under scenarios/ that holds documents of a kind; sources is one file. */
export const documentFolders = {
  device: "devices",
  machine: "machines",
  workload: "workloads",
  plan: "plans",
  memory: "memory",
  stack: "stacks",
  run: "runs",
  calibration: "calibrations",
  convergence: "convergence",
  price: "prices",
  grid: "grids",
} as const satisfies Partial<Record<DocumentKind, string>>;
export type StoredKind = keyof typeof documentFolders;
export const storedKinds = Object.keys(documentFolders) as StoredKind[];

/** Folders of documents that fits and checks read, and no scenario names. */
export const shelvedFolders = {
  series: "series",
  "memory-readings": "memory-readings",
  "published-facts": "facts",
  "published-runs": "runs/published",
} as const satisfies Partial<Record<DocumentKind, string>>;
export type ShelvedKind = keyof typeof shelvedFolders;
export const shelvedKinds = Object.keys(shelvedFolders) as ShelvedKind[];

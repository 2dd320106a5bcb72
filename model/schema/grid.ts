/** A grid document: what a kilowatt-hour emits in one region, by year. */
import { z } from "zod";
import { fact } from "./fact.ts";
import { head } from "./common.ts";

export const gridSchema = z.strictObject({
  ...head,
  region: z.string().min(1),
  years: z.array(z.strictObject({ year: z.number().int().min(1990).max(2100), intensity: fact("carbon-intensity").meta({ description: "Mass of CO2 equivalents for an amount of electricity, location-based" }) })).min(1),
});
export type Grid = z.output<typeof gridSchema>;

/** The list of sources that facts point to. */
import { z } from "zod";

export const sourceSchema = z.strictObject({
  title: z.string(),
  authors: z.string().optional(),
  url: z.string().optional(),
  where: z.string().meta({ description: "Page, table, file or commit in which it was read" }),
  verified: z.enum(["in-source", "secondary", "own", "unverified"]).meta({ description: "in-source: read there; secondary: read in a text that quotes it; own: measured or derived here; unverified: recalled, not found in a stored source" }),
});
export type Source = z.output<typeof sourceSchema>;

export const sourcesSchema = z.record(z.string(), sourceSchema);
export type Sources = z.output<typeof sourcesSchema>;

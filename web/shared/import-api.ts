/** Requests and answers about foreign files that the page read and the user wants kept: each is sent as it is, and read again by the server. */
import { z } from "zod";
import { labelPattern } from "./import-label.ts";

export const importQuery = z.strictObject({
  name: z.string().min(1).max(255).meta({ description: "Name of the file" }),
  as: z.string().regex(labelPattern, "a name of lower-case letters, digits, dots and dashes, such as my-cluster").optional().meta({ description: "The machine that it was measured on" }),
});

export const importsAnswer = z.object({
  allowed: z.boolean(),
  reason: z.string().nullable().meta({ description: "Why this server keeps nothing" }),
  store: z.string().nullable().meta({ description: "Name of the store" }),
  most_bytes: z.number().meta({ description: "The largest file that is taken" }),
});
export type ImportsAnswer = z.output<typeof importsAnswer>;

export const importAnswer = z.object({
  file: z.string(), sha256: z.string(), bytes: z.number(), reader: z.string(), rows: z.number(), marked: z.number(), problems: z.number(),
  stored: z.enum(["new", "known", "no"]).meta({ description: "Whether its bytes were in the store already" }),
});
export type ImportAnswer = z.output<typeof importAnswer>;

/**
 * A price document: what machines and hours were sold for, each offer with its date and source. List prices are of their date and region; contracts include different things, which
 * `includes` tells. Nothing here is a forecast.
 */
import { z } from "zod";
import { fact } from "./fact.ts";
import { head, id } from "./common.ts";

export const priceTerms = ["on-demand", "reserved", "spot"] as const;
export type PriceTerm = (typeof priceTerms)[number];

const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, "a date: 2025, 2025-06 or 2025-06-30");

const offer = z.strictObject({
  device: id.meta({ description: "The device that an hour of is sold" }),
  seller: z.string().min(1),
  term: z.enum(priceTerms),
  date,
  region: z.string().optional(),
  perDevice: fact("hourly-price").meta({ description: "One device for an hour, with its share of the node" }),
});

const contract = z.strictObject({
  machine: id,
  date,
  includes: z.string().min(1).meta({ description: "What the sum pays for" }),
  share: fact("fraction", { min: 0, max: 1 }).optional().meta({ description: "Share of the sum that this machine stands for, where it pays for several" }),
  value: fact("money"),
});

const electricity = z.strictObject({ machines: z.array(id).min(1).optional().meta({ description: "Machines that pay it; left out: any" }), date, value: fact("energy-price") });

export const priceSchema = z.strictObject({
  ...head,
  offers: z.array(offer).optional(),
  contracts: z.array(contract).optional(),
  electricity: z.array(electricity).optional(),
  ownership: z
    .strictObject({
      life: fact("time").meta({ description: "Time over which the price of a machine is spread" }),
      use: fact("fraction", { min: 0.05, max: 1 }).meta({ description: "Share of that time that jobs use" }),
    })
    .optional(),
});
export type Price = z.output<typeof priceSchema>;
export type PriceOffer = z.output<typeof offer>;

/**
 * Where the runs that a fit learned from lie, and what a prediction beside them is worth. A quantity that lies a factor r outside their range widens what the equations leave open by
 * 1 + log2(r) / 3, so that it doubles at eight times: points at eight times everything known of their machine and stack have 1.5 (transformers) and 1.9 times (networks of layers)
 * the mean error of points that were learned from (docs/accuracy.md, extrapolate beside in-sample). Several quantities add. Left out: devices and stacks that no run has; their parameters
 * keep the width of their priors.
 */
import { domainQuantities } from "../schema/calibration.ts";
import { formatCount } from "../units.ts";

export type DomainQuantity = (typeof domainQuantities)[number];
export type Domain = Readonly<Partial<Record<DomainQuantity, { readonly low: number; readonly high: number }>>>;

const labels: Readonly<Record<DomainQuantity, string>> = { devices: "devices", tokensPerPass: "tokens a pass and device", hidden: "channels", samplesPerDevice: "samples a device" };
/** Times outside at which the open part is twice as wide. */
const doubledAt = 8;

export interface Outside {
  readonly quantity: DomainQuantity;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Above 1: value over the upper end, or lower end over value. */
  readonly ratio: number;
}

export function findOutside(domain: Domain | undefined, values: Readonly<Partial<Record<DomainQuantity, number>>>): Outside[] {
  return domainQuantities.flatMap((quantity) => {
    const range = domain?.[quantity];
    const value = values[quantity];
    if (range === undefined || value === undefined) return [];
    const ratio = Math.max(value / range.high, range.low / value);
    return ratio > 1 ? [{ quantity, value, ...range, ratio }] : [];
  });
}

/** Factor on the discrepancy; 1 inside. */
export const widening = (outside: readonly Outside[]): number => 1 + outside.reduce((sum, { ratio }) => sum + Math.log2(ratio) / Math.log2(doubledAt), 0);

/** One sentence for each quantity, of its furthest value. */
export function describeOutside(outside: readonly Outside[]): string[] {
  return domainQuantities.flatMap((quantity) => {
    const furthest = outside.filter((one) => one.quantity === quantity).toSorted((a, b) => b.ratio - a.ratio)[0];
    if (furthest === undefined) return [];
    const { value, low, high, ratio } = furthest;
    const where = `${formatCount(value)} ${labels[quantity]} lie ${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times outside the ${formatCount(low)} to ${formatCount(high)} of the runs that informed the parameters`;
    return [ratio > doubledAt ? `Far outside what was tested: ${where}. No held-out run says how good such a prediction is.` : `${where[0]?.toUpperCase()}${where.slice(1)}: the interval is wider for it.`];
  });
}

/** The smallest range that holds all. */
export function domainOf(runs: readonly Readonly<Partial<Record<DomainQuantity, number>>>[]): Domain {
  return Object.fromEntries(
    domainQuantities.flatMap((quantity) => {
      const values = runs.flatMap((run) => run[quantity] ?? []);
      return values.length === 0 ? [] : [[quantity, { low: Math.min(...values), high: Math.max(...values) }]];
    }),
  );
}

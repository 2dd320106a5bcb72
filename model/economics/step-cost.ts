/**
 * What a step costs. Rented: devices x time x hourly price, over the offers of that device (cheapest, middle, dearest; list prices of their dates and regions).
 * Owned: nodes x time x (price of the machine / (nodes x life x use)) + energy x price of electricity. Left out: staff, building, interest, discounts that nobody publishes.
 */
import type { MoneyReport, OwnedPrice, RentedPrice } from "../prediction.ts";
import type { Fact } from "../schema/fact.ts";
import type { Price } from "../schema/price.ts";
import { addEffect, noSpread, toEstimate } from "../uncertainty/interval.ts";
import { showQuantity } from "../units.ts";

export interface StepToPay {
  readonly device: string;
  readonly machine: string;
  readonly machineNodes: number;
  readonly devices: number;
  readonly nodes: number;
  readonly step_s: number;
  /** At the widest known boundary; null where no power is known. */
  readonly energy_J: number | null;
}

export function stepCost(prices: readonly Price[], step: StepToPay): MoneyReport {
  const unknown: string[] = [];
  const rented = rent(prices, step);
  const owned = own(prices, step, unknown);
  if (rented === null) unknown.push("no price for an hour of this device is on file");
  return { rented, owned, unknown };
}

function rent(prices: readonly Price[], { device, devices, step_s }: StepToPay): RentedPrice | null {
  const offers = prices.flatMap(({ offers: list }) => list ?? []).filter((offer) => offer.device === device).toSorted((a, b) => a.perDevice.value - b.perDevice.value);
  const [first, middle, last] = [offers[0], offers[Math.floor((offers.length - 1) / 2)], offers.at(-1)];
  if (first === undefined || middle === undefined || last === undefined) return null;
  const upper = offers[Math.ceil((offers.length - 1) / 2)] ?? middle;
  const rates = { low: first.perDevice.low ?? first.perDevice.value, middle: (middle.perDevice.value + upper.perDevice.value) / 2, high: last.perDevice.high ?? last.perDevice.value };
  const scaled = (factor: number) => ({ low: rates.low * factor, middle: rates.middle * factor, high: rates.high * factor });
  return {
    perStep: scaled(devices * step_s),
    perDeviceHour: scaled(3600),
    offers: offers.map(({ seller, region, term, date, perDevice }) => ({ seller: region === undefined ? seller : `${seller}, ${region}`, term, date, perDeviceHour: perDevice.value * 3600, source: perDevice.source })),
  };
}

/** The newest contract of the machine counts, and the newest price of its electricity. */
function own(prices: readonly Price[], { machine, machineNodes, nodes, step_s, energy_J }: StepToPay, unknown: string[]): OwnedPrice | null {
  const contract = prices.flatMap(({ contracts }) => contracts ?? []).filter((one) => one.machine === machine).toSorted((a, b) => b.date.localeCompare(a.date))[0];
  const ownership = prices.find((price) => price.ownership !== undefined)?.ownership;
  if (contract === undefined || ownership === undefined) {
    unknown.push("no price of this machine is on file");
    return null;
  }
  const tariffs = prices.flatMap(({ electricity }) => electricity ?? []).toSorted((a, b) => b.date.localeCompare(a.date));
  const tariff = tariffs.find(({ machines }) => machines?.includes(machine)) ?? tariffs.find(({ machines }) => machines === undefined);
  if (tariff === undefined) unknown.push("no price of its electricity is on file");
  if (energy_J === null) unknown.push("no power of its devices is on file, so electricity is not counted");
  const facts = { value: contract.value, share: contract.share, life: ownership.life, use: ownership.use, tariff: tariff?.value };
  type Facts = { [Key in keyof typeof facts]: number };
  const values: Facts = { value: facts.value.value, share: facts.share?.value ?? 1, life: facts.life.value, use: facts.use.value, tariff: facts.tariff?.value ?? 0 };
  const perNodeSecond = ({ value, share, life, use }: Facts): number => (value * share) / (machineNodes * life * use);
  const cost = (at: Facts): number => perNodeSecond(at) * nodes * step_s + (energy_J ?? 0) * at.tariff;
  const spread = noSpread();
  for (const [name, fact] of Object.entries(facts) as Array<[keyof Facts, Fact | undefined]>) {
    if (fact?.low === undefined || fact.high === undefined) continue;
    addEffect(spread, cost({ ...values, [name]: fact.low }), cost({ ...values, [name]: fact.high }), cost(values));
  }
  const shown = (fact: Fact) => showQuantity(fact.value, fact.dimension);
  return {
    perStep: toEstimate(cost(values), spread),
    capitalPerStep: perNodeSecond(values) * nodes * step_s,
    electricityPerStep: energy_J === null || tariff === undefined ? null : energy_J * values.tariff,
    perNodeHour: perNodeSecond(values) * 3600,
    what: `${contract.share === undefined ? "" : `${shown(contract.share)} of `}${shown(contract.value)} (${contract.date}; ${contract.includes}) over ${showQuantity(ownership.life.value / (365.25 * 86_400), "count")} years, ${shown(ownership.use)} in use${tariff === undefined ? "" : `; electricity at ${shown(tariff.value)} (${tariff.date})`}`,
    sources: [...new Set([contract.value.source, ...(contract.share === undefined ? [] : [contract.share.source]), ...(tariff === undefined ? [] : [tariff.value.source])])],
  };
}

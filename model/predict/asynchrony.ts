/** What the prediction says of ranks that do not wait for each other: in words what a step waits for, how full servers are, how old gradients get, what that costs in samples. */
import { delayBounds, delayOverGlobal, delayOverUpdate, stalenessOf } from "../asynchrony/delay.ts";
import { groupsAt, sentShare, type Asynchrony } from "../asynchrony/scheme.ts";
import { lawOf } from "../convergence/target.ts";
import { criticalBatch } from "../convergence/law.ts";
import { costAtScale, exchangedBytes, serverFloorAt } from "../cost/index.ts";
import { delayTheory, type AsynchronyReport, type Interval } from "../prediction-asynchrony.ts";
import { foldProgram } from "../program/fold.ts";
import { Kind } from "../program/types.ts";
import { elementBytes } from "../schema/common.ts";
import { formatCount, formatNumber, showQuantity } from "../units.ts";
import { slowestOf } from "../variability/spread.ts";
import type { Prepared } from "./prepare.ts";

export function describeAsynchrony(prepared: Prepared, devices: number, step_s: number): AsynchronyReport | null {
  const { resources, program, scenario, local } = prepared;
  const { asynchrony, spread } = resources;
  const { scheme, lag, compression } = asynchrony;
  if (scheme === "synchronous" && lag === 0 && compression.method === "none") return null;
  const { groups, size } = groupsAt(asynchrony, devices);
  const { program: folded } = foldProgram(program);
  const bytes = exchangedBytes(folded);
  const at = folded.kind.indexOf(Kind.exchange);
  const exchange_s = at < 0 ? 0 : (costAtScale(folded, resources, devices, local.folded)[at] as number) * asynchrony.period;
  const floor_s = serverFloorAt(folded, resources, devices);
  const { plan } = scenario;
  const trials = plan.asynchrony?.trials;
  const stepsPerTrial = plan.asynchrony?.stepsPerTrial;
  // Every round of trials ends with its slowest group.
  const trials_s = scheme === "independent" && trials !== undefined && stepsPerTrial !== undefined ? Math.ceil(trials / groups) * stepsPerTrial * step_s * (slowestOf(spread, devices, stepsPerTrial) / slowestOf(spread, size)) : null;
  return {
    scheme,
    groups,
    groupSize: size,
    lag,
    waits: wordsOf(asynchrony, groups, size),
    exchange_bytes: bytes,
    exchange_s,
    serverUse: asynchrony.exchange === "server" ? Math.min(1, floor_s / step_s) : null,
    sentShare: sentShare(asynchrony, elementBytes[plan.reductionPrecision]),
    staleness: stalenessOf(asynchrony, devices),
    penalty: penaltyOf(prepared, devices),
    trials_s,
    equation: equationOf(asynchrony, { devices, groups, size, bytes, exchange_s, floor_s, step_s }),
  };
}

/** Samples to target over those of synchronous training at the same global batch, for the targets of the workload; null where nothing is delayed. */
export function delayOf({ scenario, resources }: Pick<Prepared, "scenario" | "resources">, devices: number): Interval | null {
  const { plan, convergence = [] } = scenario;
  const stated = plan.asynchrony?.penalty;
  if (stated) return intervalOf(stated);
  const bounds = delayBounds(resources.asynchrony, devices);
  const document = convergence[0];
  return bounds === null || document === undefined ? null : delayOverGlobal(bounds, globalBatch(plan, devices), criticalBatch(lawOf(document)));
}

const globalBatch = ({ samplesPerDevice, accumulation }: Prepared["scenario"]["plan"], devices: number): number => samplesPerDevice * accumulation * devices;

/** The plan's own figure before theory. */
function penaltyOf({ scenario, resources }: Pick<Prepared, "scenario" | "resources">, devices: number): AsynchronyReport["penalty"] {
  const { plan, convergence = [] } = scenario;
  const stated = plan.asynchrony?.penalty;
  if (stated) return { ...intervalOf(stated), batch: globalBatch(plan, devices), how: "the plan's own figure", source: stated.source };
  const bounds = delayBounds(resources.asynchrony, devices);
  if (bounds === null) return null;
  const batch = globalBatch(plan, devices);
  const document = convergence[0];
  const critical = document ? criticalBatch(lawOf(document)) : null;
  const how = document ? `${bounds.words}; E = E_min (1 + B / ${formatNumber(critical ?? 0, 3)}) of ${document.title} at ${formatNumber(bounds.best * batch, 3)} and ${formatNumber(bounds.worst * batch, 3)} samples, geometric middle` : `${bounds.words}; no document tells the critical batch of this workload, so the limits of theory stand, with their geometric middle: not a measurement`;
  return { ...delayOverUpdate(bounds, batch, critical), batch: bounds.best * batch, how, source: delayTheory };
}

const intervalOf = ({ value, low, high }: { value: number; low?: number; high?: number }): Interval => ({ value, low95: low ?? value, high95: high ?? value });

function wordsOf({ scheme, period, servers, overlap, lag, compression }: Asynchrony, groups: number, size: number): string {
  const inGroup = size > 1 ? `each step waits for the slowest of its group of ${formatCount(size)}` : "no rank waits for another";
  const often = period > 1 ? `every ${formatCount(period)} steps` : "in every step";
  const schemes: Record<Asynchrony["scheme"], string> = {
    synchronous: lag > 0 ? `a sum may be ${lag} step${lag > 1 ? "s" : ""} late: it hides behind them, and ranks wait only for those more than ${lag} step${lag > 1 ? "s" : ""} behind` : "each step waits for the slowest rank and the sum",
    "periodic-averaging": `${inGroup}; ${often} all ranks wait for the slowest and average their weights${overlap ? ", beside the next step" : ""}`,
    "elastic-averaging": `${inGroup}; ${often} a group exchanges weights with ${formatCount(servers)} server${servers > 1 ? "s" : ""}${overlap ? ", beside the next step" : " and waits for that"}`,
    "parameter-server": `${inGroup}; ${often} a group sends gradients to ${formatCount(servers)} server${servers > 1 ? "s" : ""} and takes weights${overlap ? ", beside the next step" : " and waits for that"}; no group waits for another of ${formatCount(groups)}`,
    independent: `${inGroup}; ${formatCount(groups)} trainings run beside each other and exchange nothing`,
  };
  return compression.method === "none" ? schemes[scheme] : `${schemes[scheme]}; gradients are sent as ${compression.method}, ${showQuantity(compression.share, "fraction", 2)}`;
}

interface Numbers {
  readonly devices: number;
  readonly groups: number;
  readonly size: number;
  readonly bytes: number;
  readonly exchange_s: number;
  readonly floor_s: number;
  readonly step_s: number;
}

function equationOf({ exchange, period, lag }: Asynchrony, { devices, groups, size, bytes, exchange_s, floor_s, step_s }: Numbers): string {
  const step = showQuantity(step_s, "time");
  if (exchange === "server") return `T = max(compute x wait of a group of ${formatCount(size)} + 2 (latency + S / rate) / H, groups x S / (rate of all servers x H)), S = ${showQuantity(bytes, "data")}, H = ${formatCount(period)}: exchange ${showQuantity(exchange_s, "time")}, servers at least ${showQuantity(floor_s, "time")} for ${formatCount(groups)} groups; T = ${step}`;
  if (exchange === "average") return `T = compute x wait for the slowest of ${formatCount(devices)} with jitter over ${formatCount(period)} steps + all-reduce(S) / H, S = ${showQuantity(bytes, "data")}: ${showQuantity(exchange_s, "time")} / ${formatCount(period)}; T = ${step}`;
  if (lag > 0) return `T = max(compute, sums${lag > 1 ? "" : ", then the update"}) with jitter over ${lag} step${lag > 1 ? "s" : ""} of slack; T = ${step}`;
  return `T = compute x wait of a group of ${formatCount(size)}; T = ${step}`;
}

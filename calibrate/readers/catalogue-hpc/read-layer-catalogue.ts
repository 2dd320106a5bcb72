/**
 * Reads a catalogue of published runs of vision and science networks: an array of series with points, whose words about network, machine and framework are prose. Rules
 * (scenarios/catalogues/layer-runs.json) say what the words mean; each point becomes a case, or is skipped by the rule that says why. Nothing is guessed silently:
 * what a row does not state and a rule fills in is listed with it.
 */
import type { Problem } from "../../../model/problems.ts";
import type { LayerCatalogueRules, LayerRowSettings } from "../../../model/schema/layer-catalogue-rules.ts";
import type { Layer } from "../../../model/workload/layer.ts";
import type { Applied, SkippedRow } from "../catalogue/case.ts";
import { holds, matches, type Row } from "../catalogue/matching.ts";
import { listRows } from "../catalogue/read-catalogue.ts";
import { numberAt, recordAt, textAt, textAtPath } from "../catalogue/record.ts";
import type { LayerCase, ReadLayerCatalogue } from "./case.ts";
import { figureRule, stepOf, type FigureRule } from "./figure.ts";

/** Layers of a workload document; undefined where there is none of that name. */
export type LayersOf = (workload: string) => readonly Layer[] | undefined;

export function readLayerCatalogue(catalogue: unknown, rules: LayerCatalogueRules, layersOf: LayersOf): ReadLayerCatalogue {
  const problems: Problem[] = [];
  const rows = listRows(catalogue, problems);
  const cases: LayerCase[] = [];
  const skipped: SkippedRow[] = [];
  const seen = new Map<string, string>();
  for (const row of rows.points) {
    const read = readRow(row, rules, layersOf, seen);
    if ("rule" in read) skipped.push({ id: row.id, series: textAt(row.series, "id") ?? "", rule: read.rule, why: read.what });
    else cases.push(read);
  }
  return { cases, skipped, problems, meanings: rules.meanings, series: rows.series, points: rows.points.length };
}

const refuse = (rule: string, what: string): Applied => ({ rule, what });

function readRow(row: Row, rules: LayerCatalogueRules, layersOf: LayersOf, seen: Map<string, string>): LayerCase | Applied {
  const { series, point } = row;
  if (matches("unverified", textAtPath(series, "source.verified"))) return refuse("unverified-source", "recalled, not read in a source");
  const rule = figureRule(row, rules);
  const metric = textAt(point, "metric") ?? "no metric";
  if (rule?.means === undefined) return refuse(rule?.skip ?? "no-step-time", `${metric} in ${textAt(point, "unit") ?? "no unit"}`);
  const devices = numberAt(point, "accelerators");
  if (devices === undefined || !(devices >= 1)) return refuse("incomplete", "no number of devices");
  const network = rules.networks.find(({ when }) => holds(when, row));
  if (network === undefined) return refuse("unknown-network", `no rule names a network for ${JSON.stringify(textAtPath(series, "workload.model") || textAtPath(series, "workload"))}`);
  if (network.workload === undefined) return refuse(network.skip ?? "unknown-network", textAtPath(series, "workload.model") || "not named");
  const layers = layersOf(network.workload);
  if (layers === undefined) return refuse("unknown-network", `there is no network ${network.workload}`);
  const machine = rules.machines.find(({ when }) => holds(when, row));
  if (machine === undefined) return refuse("unknown-machine", `no rule names a machine for ${JSON.stringify(textAtPath(series, "machine"))}`);
  const stack = rules.stacks.find(({ when }) => holds(when, row));
  if (stack === undefined) return refuse("unknown-framework", `no rule names a stack for ${JSON.stringify(textAtPath(series, "setup.framework"))}`);

  const assumed: Applied[] = [];
  const settings = findSettings(row, rules, assumed);
  const own = findBatch(row, devices);
  const samplesPerDevice = own ?? settings.samplesPerDevice;
  if (samplesPerDevice === undefined) return refuse("incomplete", "no batch is stated or follows from a rule");
  if (own === undefined) assumed.push(refuse("batch-by-rule", `${samplesPerDevice} samples a device`));
  if (!Number.isInteger(samplesPerDevice)) return refuse("incomplete", `${samplesPerDevice} samples a device`);
  const figure = stepOf(row, rules, rule, devices, samplesPerDevice, () => layers);
  if (figure === undefined) return refuse("no-step-time", `${metric} without a value above zero`);

  const same = sameRun(row, devices, rule, seen);
  if (same !== undefined) return refuse("same-run", `another figure of ${same}`);
  const { samplesPerDevice: _, ...plan } = { ...rules.plan, ...settings };
  const named = (kind: string, { note }: { readonly note?: string | undefined }): void => void (note !== undefined && assumed.push(refuse(kind, note)));
  named("network-by-rule", network);
  named("machine-by-rule", machine);
  named("stack-by-rule", stack);
  if (plan.evaluation > 0) assumed.push(refuse("evaluation-share", `${plan.evaluation} of an epoch is evaluation`));
  return {
    id: row.id,
    series: textAt(series, "id") ?? "",
    title: textAt(series, "title") ?? row.id,
    year: numberAt(series, "year") ?? 0,
    model: network.workload,
    machine: machine.machine,
    stack: stack.stack,
    layout: { devices, samplesPerDevice },
    plan,
    stepsPerEpoch: figure.stepsPerEpoch,
    measured: { step_s: figure.step_s / (1 + plan.evaluation), metric, value: numberAt(point, "value") ?? Number.NaN, convention: rule.convention ?? rule.means },
    flags: rules.exclusions.filter(({ when }) => holds(when, row)).map(({ rule: name, evidence }) => refuse(name, evidence)),
    assumed,
    remark: rules.remarks.find(({ when }) => holds(when, row)),
  };
}

function findSettings(row: Row, rules: LayerCatalogueRules, assumed: Applied[]): Partial<LayerRowSettings> {
  const applied = rules.settings.filter(({ when }) => holds(when, row));
  for (const { set, note } of applied) assumed.push(refuse("setting-by-rule", `${Object.entries(set).map(([key, value]) => `${key} ${String(value)}`).join(", ")}${note === undefined ? "" : `: ${note}`}`));
  return Object.assign({}, ...applied.map(({ set }) => set)) as Partial<LayerRowSettings>;
}

/** Samples of one device in a step, in the words of any of the sources. */
function findBatch({ series, point }: Row, devices: number): number | undefined {
  const setup = recordAt(series, "setup");
  const global = numberAt(point, "global_batch") ?? numberAt(setup, "global_batch");
  return numberAt(point, "local_batch_per_accelerator") ?? numberAt(point, "local_batch") ?? numberAt(setup, "local_batch") ?? (global === undefined ? undefined : global / devices);
}

/** A figure derived from another of the same run says nothing new: the first of a series at the same devices, batch, round and section counts. */
function sameRun({ id, series, point }: Row, devices: number, { means }: FigureRule, seen: Map<string, string>): string | undefined {
  const derived = means === "throughput-per-device" || means === "rate-per-device";
  const key = JSON.stringify([textAt(series, "id"), devices, ...["round", "division", "concurrent_instances", "section", "local_batch", "global_batch", "framework"].map((name) => textAt(point, name) ?? null)]);
  if (derived && seen.has(key)) return seen.get(key);
  seen.set(key, id);
  return undefined;
}

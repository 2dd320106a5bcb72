/**
 * Series that describe their network, machine and framework by words (`workload`, `setup`), as catalogues of vision and science runs do: rules say which of them are
 * transformers, and of which workload document. Such a row becomes one with a transformer's own keys: a micro-batch is what a device gets in a step, ranks hold replicas,
 * and a sample is a sequence. Figures of one run that stand in two series count once.
 */
import type { CatalogueRules } from "../../../model/schema/catalogue-rules.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import type { ArchitectureFound } from "./architecture.ts";
import type { Applied } from "./case.ts";
import { holds, matches, type Row } from "./matching.ts";
import { isRecord, numberAt, recordAt, textAt, textAtPath } from "./record.ts";

/** The architecture of a workload document; undefined where there is no transformer of that name. */
export type ArchitectureOf = (workload: string) => Architecture | undefined;

export const isProse = ({ series }: Row): boolean => !isRecord(series["model"]) && (isRecord(series["workload"]) || isRecord(series["setup"]));

const refuse = (rule: string, what: string): Applied => ({ rule, what });

/** `seen`: the runs read before, by what tells them apart. */
export function readProse(row: Row, rules: CatalogueRules, architectureOf: ArchitectureOf, seen: Map<string, string>): { row: Row; found: ArchitectureFound } | Applied {
  const { series, point } = row;
  const meaning = rules.prose.find(({ when }) => holds(when, row));
  if (meaning === undefined) return refuse("no-transformer", `no rule names a transformer for ${JSON.stringify(textAtPath(series, "workload.model") || textAtPath(series, "workload"))}`);
  const architecture = architectureOf(meaning.workload);
  if (architecture === undefined) return refuse("unknown-network", `there is no transformer ${meaning.workload}`);
  const devices = numberAt(point, "accelerators");
  const setup = recordAt(series, "setup");
  const batch = numberAt(point, "local_batch_per_accelerator") ?? numberAt(point, "local_batch") ?? numberAt(setup, "local_batch");
  if (devices === undefined || batch === undefined) return refuse("incomplete", "number of devices or batch not stated");
  const value = numberAt(point, "value");
  const unit = textAt(point, "unit") ?? "";
  if (value === undefined || !matches("^(samples|sentences|sequences)/s$", unit)) return refuse("no-step-time", `${textAt(point, "metric") ?? "no metric"} in ${unit || "no unit"}`);
  const precision = textAt(point, "precision") ?? textAt(setup, "precision") ?? "";
  const key = JSON.stringify([textAtPath(series, "source.url"), meaning.workload, textAt(point, "framework") ?? textAt(setup, "framework"), precision, devices, batch, value]);
  const same = seen.get(key);
  if (same !== undefined) return refuse("same-run", `another figure of ${same}`);
  seen.set(key, row.id);
  const name = textAt(series, "machine") ?? "";
  const written = {
    row: {
      ...row,
      series: { ...series, model: { name: meaning.workload }, machine: { name, accelerator: textAt(setup, "accelerator") ?? name } },
      point: { ...meaning.point, ...point, micro_batch: batch, global_batch: batch * devices, seq: architecture.sequence, precision, metric: "sequences_per_s" },
    },
    found: { architecture, missing: [], assumed: meaning.note === undefined ? [] : [refuse("network-by-rule", meaning.note)], name: meaning.workload },
  };
  return written;
}

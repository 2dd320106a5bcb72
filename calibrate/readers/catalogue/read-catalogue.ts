/**
 * Reads a catalogue of published transformer runs: an array of series with points, as it was collected from papers, logs and tables. Each point becomes a case, or is
 * skipped with the rule that says why. Words that no rule knows (an accelerator, a precision) are problems with the nearest name, and their rows are skipped.
 */
import { nearest, showValue, type Problem } from "../../../model/problems.ts";
import type { CatalogueRules } from "../../../model/schema/catalogue-rules.ts";
import type { LaunchRecipes } from "../../../model/schema/launch-recipes.ts";
import { findArchitecture, type ArchitectureFound } from "./architecture.ts";
import type { Applied, CatalogueCase, ReadCatalogue, SkippedRow } from "./case.ts";
import { findLaunch } from "./launch.ts";
import { findDefaults, findLayout, findRecipe } from "./layout.ts";
import { firstMeaning, holds, matches, type Row } from "./matching.ts";
import { findMemory } from "./memory-figure.ts";
import { isProse, readProse, type ArchitectureOf } from "./prose.ts";
import { isRecord, isStated, numberAt, recordAt, textAt, textAtPath, type JsonRecord } from "./record.ts";
import { findSisterStages } from "./sisters.ts";
import { findStepTime, statedMetrics } from "./step-time.ts";

/** Words of the file or of its series that put a row outside the score, whatever the source. */
const warnings: readonly (readonly [string, (point: JsonRecord) => boolean])[] = [
  ["not-consistent-with-configuration", (point) => point["consistent_with_config"] === false],
  ["batch-not-that-of-configuration", (point) => point["global_batch_matches_config"] === false],
  ["flagged-in-catalogue", (point) => isStated(point["flag"]) || matches("degraded|slow node|faulty", textAt(point, "note") ?? "")],
];

/** `architectureOf`: for series that name their network by words. */
export function readCatalogue(catalogue: unknown, rules: CatalogueRules, launches: readonly LaunchRecipes[] = [], architectureOf: ArchitectureOf = () => undefined): ReadCatalogue {
  const problems: Problem[] = [];
  const rows = listRows(catalogue, problems);
  const sister = findSisterStages(rows.points);
  const cases: CatalogueCase[] = [];
  const skipped: SkippedRow[] = [];
  const seen = new Map<string, string>();
  for (const row of rows.points) {
    const told = isProse(row) ? readProse(row, rules, architectureOf, seen) : { row };
    const read = "rule" in told ? told : readRow(told, rules, launches, sister(row), problems);
    if ("rule" in read) skipped.push({ id: row.id, series: textAt(row.series, "id") ?? "", rule: read.rule, why: read.what });
    else cases.push(read);
  }
  return { cases, skipped, problems, series: rows.series, points: rows.points.length };
}

export function listRows(catalogue: unknown, problems: Problem[]): { points: Row[]; series: number } {
  const list = isRecord(catalogue) && Array.isArray(catalogue["series"]) ? catalogue["series"] : catalogue;
  if (!Array.isArray(list)) {
    problems.push({ code: "wrong-value", path: "catalogue", got: showValue(catalogue), expected: "an array of series, each with points" });
    return { points: [], series: 0 };
  }
  const points: Row[] = [];
  const names = new Map<string, number>();
  list.forEach((series: unknown, at) => {
    const name = isRecord(series) ? (textAt(series, "id") ?? `series-${at + 1}`) : `[${at}]`;
    if (!isRecord(series) || !Array.isArray(series["points"])) {
      problems.push({ code: "wrong-value", path: `catalogue: ${name}`, got: showValue(isRecord(series) ? series["points"] : series), expected: "a series with an array of points" });
      return;
    }
    const seen = names.get(name) ?? 0;
    names.set(name, seen + 1);
    const id = seen === 0 ? name : `${name}~${seen + 1}`;
    if (seen > 0) problems.push({ code: "duplicate-id", path: `catalogue: ${name}`, got: "a second series of this id", expected: "each id once", hint: `read as ${id}` });
    series["points"].forEach((point: unknown, index) => {
      const path = `catalogue: ${id}: points[${index}]`;
      if (isRecord(point)) points.push({ id: `${id}#${index + 1}`, path, series: { ...series, id }, point });
      else problems.push({ code: "wrong-value", path, got: showValue(point), expected: "a point: an object" });
    });
  });
  return { points, series: list.length };
}

function readRow({ row, found: told }: { row: Row; found?: ArchitectureFound }, rules: CatalogueRules, launches: readonly LaunchRecipes[], sister: number | undefined, problems: Problem[]): CatalogueCase | Applied {
  const { series, point } = row;
  const id = textAt(series, "id") ?? "";
  if (matches("unverified", textAtPath(series, "source.verified"))) return { rule: "unverified-source", what: "recalled, not read in a source" };
  if (isStated(point["outcome"])) return { rule: "no-step-time", what: `outcome ${showValue(point["outcome"])}` };
  if (statedMetrics(point).length === 0) return { rule: "no-step-time", what: `${textAt(point, "metric") ?? "no metric"} without a value above zero` };
  if (point["complete"] === false) return { rule: "incomplete", what: "the catalogue says that something a prediction needs is not stated" };

  const accelerator = textAt({ ...recordAt(series, "machine"), ...(isStated(point["machine"]) ? recordAt(point, "machine") : {}) }, "accelerator") ?? "";
  const device = firstMeaning(rules.devices, accelerator)?.device;
  if (device === undefined) return unknownWord(row, "accelerator", accelerator, "unknown-accelerator", rules.devices.map((one) => one.device), problems);
  const machine = rules.machines.find((one) => (one.device === undefined || one.device === device) && holds(one.when, row))?.machine;
  if (machine === undefined) return unknownWord(row, "machine", `${textAtPath(series, "machine.name")} with ${device}`, "unknown-machine", rules.machines.map((one) => one.machine), problems);
  const framework = rules.frameworks.find(({ when }) => holds(when, row));
  if (framework === undefined) return { rule: "unknown-framework", what: "no rule names its framework" };

  const sequence = numberAt(point, "seq") ?? numberAt(recordAt(series, "model"), "seq");
  if (sequence === undefined || !(sequence >= 1)) return { rule: "incomplete", what: "no sequence length" };
  const found = told ?? findArchitecture(row, rules, sequence);
  if (found.architecture === undefined) return { rule: "incomplete-model", what: `${found.name}: ${found.missing.join(", ")} not stated` };
  const { recipe } = findRecipe(row, rules, findDefaults(row, rules, framework));
  const launch = recipe && findLaunch(row, launches, found.name, device, recipe);
  const architecture = launch?.extraPredictions === undefined ? found.architecture : { ...found.architecture, extraPredictions: launch.extraPredictions };
  const spread = findLayout(row, rules, framework, architecture, sequence, sister, launch);
  if (spread.layout === undefined) return spread.refused ?? { rule: "incomplete", what: "no layout" };
  const measured = findStepTime(point, architecture, spread.layout, framework.flopConvention);
  if (measured === undefined) return { rule: "metric-without-step-time", what: `${textAt(point, "metric") ?? "?"}, counted in a way no rule knows` };

  const flags = [...spread.flags];
  for (const [rule, applies] of warnings) if (applies(point)) flags.push({ rule, what: textAt(point, "note") ?? textAt(point, "flag") ?? rule });
  for (const { rule, series: pattern, point: where, evidence } of rules.exclusions) {
    if (matches(pattern, id) && Object.entries(where).every(([key, value]) => textAtPath(point, key) === String(value))) flags.push({ rule, what: evidence });
  }
  return {
    id: row.id,
    series: id,
    title: textAt(series, "title") ?? id,
    family: framework.family,
    year: numberAt(series, "year") ?? 0,
    model: found.name,
    device,
    machine,
    stack: framework.stack,
    architecture,
    layout: spread.layout,
    domain: spread.domain,
    measured,
    memory: findMemory(row),
    sparse: architecture.experts !== null,
    computed: matches("computed|simulated", textAt(series, "provenance") ?? ""),
    flags,
    assumed: [...found.assumed, ...spread.assumed],
  };
}

function unknownWord(row: Row, kind: string, got: string, rule: string, known: readonly string[], problems: Problem[]): Applied {
  const names = [...new Set(known)];
  const hint = nearest(got, names);
  const path = `catalogue: ${textAt(row.series, "id") ?? ""}: machine.${kind === "machine" ? "name" : "accelerator"}`;
  if (!problems.some((problem) => problem.path === path)) problems.push({ code: "unknown-name", path, got: showValue(got), expected: `words that a rule maps to ${kind === "machine" ? "a machine" : "an accelerator"}: ${names.join(", ")}`, ...(hint ? { hint: `did you mean "${hint}"?` } : {}) });
  return { rule, what: `${kind} ${showValue(got)}` };
}

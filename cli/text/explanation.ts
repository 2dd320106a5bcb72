/** An explanation on paper: terms with their limits, calibration, inputs by effect, definitions. */
import type { Alternatives, ExplainedOperation } from "../../model/index.ts";
import type { Tracks } from "../../model/explain/tracks.ts";
import type { ExplainedEnergy } from "../../model/explain/energy.ts";
import type { CalibrationLink, InputRecord, Prediction, ScalePoint, Term } from "../../model/prediction.ts";
import type { Run } from "../../model/schema/run.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import type { SourceLine } from "../host/facts.ts";
import { writeAlternatives } from "./alternatives.ts";
import { writeAsynchrony } from "./asynchrony.ts";
import { writeEnergyExplanation } from "./energy.ts";
import { writeSources } from "./facts.ts";
import { writeInputExplanation } from "./input.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { writeHead } from "./prediction.ts";
import { showCount, showError, unitFor } from "./quantities.ts";
import { writeDefinitions } from "./run.ts";
import { writeTable } from "./table.ts";
import { writeTracks } from "./tracks.ts";

export interface ExplanationParts {
  devices: number;
  stepTime_s: ScalePoint["stepTime_s"];
  terms: Array<Omit<Term, "id"> & { term: Term["id"]; share: number; equation: string }>;
  tracks: Tracks;
  asynchrony: ScalePoint["asynchrony"];
  targets: ScalePoint["targets"];
  alternatives: Alternatives;
  energyExplained: ExplainedEnergy[];
  operations: ExplainedOperation[];
  definitions: NonNullable<Run["definitions"]>;
  sources: SourceLine[];
}

export function writeExplanation(prediction: Prediction, parts: ExplanationParts, show: { oneTerm: boolean; operations: number }, look: Look): string {
  const { devices, stepTime_s, terms, operations } = parts;
  return [
    ...writeHead(prediction, look),
    "",
    bold(`The step at ${showCount(devices)} GPUs: ${showQuantity(stepTime_s.value, "time")} (95 % interval ${showQuantity(stepTime_s.low95, "time")} – ${showQuantity(stepTime_s.high95, "time")})`, look),
    ...terms.flatMap((term) => writeTerm(term, show.oneTerm, look)),
    "",
    ...(show.oneTerm ? [] : [...writeTracks(parts.tracks, look), ""]),
    ...(show.oneTerm ? [] : [...writeInputExplanation(prediction, look), ""]),
    ...(show.oneTerm ? [] : writeAlternatives(parts.alternatives, look)),
    ...(show.oneTerm ? [] : writeAsynchrony(parts, look)),
    ...(show.oneTerm ? [] : [writeEnergyExplanation(parts.energyExplained, look), ""]),
    ...writeOperations(operations, show.operations, look),
    "",
    bold("Calibration: what informs each fitted parameter", look),
    ...prediction.calibration.flatMap((link) => writeLink(link, look)),
    "",
    ...writeInputs(prediction.inputs, stepTime_s.value, look),
    ...writeDefinitions(parts.definitions, look),
    ...(prediction.notes.length > 0 ? ["", bold("Notes", look), ...prediction.notes.map((note) => wrap(`  ${note}`, look.width, "    "))] : []),
    ...writeSources(parts.sources, look),
  ].join("\n");
}

function writeTerm(term: ExplanationParts["terms"][number], isOneTerm: boolean, look: Look): string[] {
  const isZero = term.time_s === 0 && term.overlapped_s === 0;
  if (isZero && !isOneTerm) return [];
  const hidden = term.overlapped_s > 0 ? `; ${showQuantity(term.overlapped_s, "time")} more hidden behind other work` : "";
  return [
    `  ${bold(term.label, look)}: ${showQuantity(term.time_s, "time")}, ${(term.share * 100).toFixed(1)} % of the step (${showQuantity(term.low95_s, "time")} – ${showQuantity(term.high95_s, "time")})${hidden}`,
    `      ${wrap(term.binds, look.width - 6, "      ")}`,
    ...(term.equation ? [dim(`      ${wrap(term.equation, look.width - 6, "        ")}`, look)] : []),
  ];
}

function writeOperations(operations: readonly ExplainedOperation[], most: number, look: Look): string[] {
  const shown = operations.slice(0, most);
  const rest = operations.length - shown.length;
  const time = unitFor(shown.map(({ time_s }) => time_s), "time");
  return [
    bold(`Operations by time (${shown.length} of ${operations.length})`, look),
    writeTable(
      [
        { head: "operation", align: "left", gives: true, cells: shown.map(({ operation }) => operation) },
        { head: "pass", align: "left", cells: shown.map(({ pass }) => pass) },
        { head: "lane", align: "left", cells: shown.map(({ lane }) => lane) },
        { head: "time", unit: time.unit, cells: shown.map(({ time_s }) => time.show(time_s)) },
        { head: "rate", unit: "TF/s", cells: shown.map(({ rate_flop_per_s }) => (rate_flop_per_s > 0 ? formatNumber(rate_flop_per_s / 1e12) : "")) },
        { head: "limit", align: "left", gives: true, cells: shown.map(({ limit }) => limit) },
      ],
      look,
      2,
    ),
    ...(rest > 0 ? [dim(`  ${rest} more: --op PATTERN picks, --json has them all`, look)] : []),
  ];
}

function writeLink(link: CalibrationLink, look: Look): string[] {
  return [
    wrap(`  ${link.label}: ${formatNumber(link.value)} (95 % interval ${formatNumber(link.low95)} – ${formatNumber(link.high95)})`, look.width, "      "),
    ...link.parts.map((part) => {
      const from = part.run ? ` (${part.run}${part.point ? `, ${part.point}` : ""})` : "";
      const weight = part.leftOut ? `left out: ${part.leftOut}` : `weight ${(part.weight * 100).toFixed(0)} %`;
      return dim(wrap(`      ${part.what}${from}: ${formatNumber(part.value)}; ${weight}`, look.width, "        "), look);
    }),
  ];
}

function writeInputs(inputs: readonly InputRecord[], step_s: number, look: Look): string[] {
  const width = (input: InputRecord) => Math.abs((input.stepTimeHigh_s ?? step_s) - (input.stepTimeLow_s ?? step_s));
  const moving = inputs.filter((input) => input.used && width(input) > 0).toSorted((a, b) => width(b) - width(a)).slice(0, 12);
  const change = (time_s: number | undefined) => (time_s === undefined ? "" : showError(time_s / step_s - 1));
  const assumed = inputs.filter(({ kind, used }) => kind === "assumed" && used);
  const unused = inputs.filter(({ used }) => !used);
  return [
    bold(`Inputs that move the step most (${moving.length} of ${inputs.length})`, look),
    writeTable(
      [
        { head: "path", align: "left", cells: moving.map(({ path }) => path) },
        { head: "value", align: "left", gives: true, cells: moving.map(({ text }) => text) },
        { head: "kind", align: "left", cells: moving.map(({ kind }) => kind) },
        { head: "low: step", unit: "%", cells: moving.map(({ stepTimeLow_s }) => change(stepTimeLow_s)) },
        { head: "high: step", unit: "%", cells: moving.map(({ stepTimeHigh_s }) => change(stepTimeHigh_s)) },
      ],
      look,
      2,
    ),
    "",
    wrap(`Assumed, because nobody published them (${assumed.length}): ${assumed.map(({ path, text }) => `${path} ${text}`).join("; ") || "none"}`, look.width, "  "),
    "",
    wrap(`Without effect on this prediction (${unused.length}): ${unused.map(({ path }) => path).join(", ") || "none"}`, look.width, "  "),
  ];
}

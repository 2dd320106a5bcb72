/** An explained transformer step on paper. */
import type { TransformerOperation } from "../../model/index.ts";
import type { ExplainedEnergy } from "../../model/explain/energy.ts";
import type { TransformerParameterRecord, TransformerPoint, TransformerPrediction, TransformerTermTime } from "../../model/prediction-transformer.ts";
import { formatNumber, showQuantity, type Dimension } from "../../model/units.ts";
import { writeAsynchrony } from "./asynchrony.ts";
import { writeEnergyExplanation } from "./energy.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount, showError, unitFor } from "./quantities.ts";
import { writeTable } from "./table.ts";
import { writeMemory } from "./transformer-memory.ts";
import { layoutWords, writeTransformerHead } from "./transformer-prediction.ts";

interface Parts {
  readonly terms: ReadonlyArray<Omit<TransformerTermTime, "id"> & { readonly share: number; readonly equation: string; readonly source: string }>;
  readonly operations: readonly TransformerOperation[];
  readonly energyExplained: readonly ExplainedEnergy[];
}

export function writeTransformerExplanation(prediction: TransformerPrediction, point: TransformerPoint, { terms, operations, energyExplained }: Parts, show: { readonly oneTerm: boolean; readonly operations: number }, look: Look): string {
  const { stepTime_s, devices } = point;
  return [
    ...writeTransformerHead(prediction, look),
    wrap(layoutWords(point), look.width, "  "),
    "",
    bold(`The step at ${showCount(devices)} GPUs: ${showQuantity(stepTime_s.value, "time")} (95 % interval ${showQuantity(stepTime_s.low95, "time")} – ${showQuantity(stepTime_s.high95, "time")})`, look),
    ...terms.flatMap((term) => (term.time_s === 0 && !show.oneTerm ? [] : [
      `  ${bold(term.label, look)}: ${showQuantity(term.time_s, "time")}, ${(term.share * 100).toFixed(1)} % of the step (${showQuantity(term.low95_s, "time")} – ${showQuantity(term.high95_s, "time")})`,
      `      ${wrap(term.binds, look.width - 6, "      ")}`,
      dim(`      ${wrap(`${term.equation} [${term.source}]`, look.width - 6, "        ")}`, look),
    ])),
    "",
    ...(show.oneTerm ? [] : writeAsynchrony({ asynchrony: null, targets: point.targets }, look)),
    ...(show.oneTerm ? [] : [writeEnergyExplanation(energyExplained, look), ""]),
    ...writeOperations(operations, show.operations, look),
    "",
    ...writeParameters(prediction, stepTime_s.value, look),
    "",
    ...writeMemory(point, look),
    ...(point.memory === null ? [] : point.memory.fullest.parts.map(({ part, means, bytes }) => wrap(`  ${part}: ${showQuantity(bytes, "data")}. ${means}`, look.width, "      "))),
    ...[...point.unused.map(({ label, path, reason }) => `Without effect: ${label} (${path}): ${reason}`), ...point.notes.map((note) => `Note: ${note}`), ...prediction.notes.map((note) => `Note: ${note}`)].map((line) => wrap(line, look.width, "  ")),
  ].join("\n");
}

function writeOperations(operations: readonly TransformerOperation[], most: number, look: Look): string[] {
  const shown = operations.slice(0, most);
  const rest = operations.length - shown.length;
  const time = unitFor(shown.map(({ step_s }) => step_s), "time");
  const once = unitFor(shown.map(({ once_s }) => once_s), "time");
  return [
    bold(`Operations of the slowest stage by their time in the step (${shown.length} of ${operations.length})`, look),
    writeTable(
      [
        { head: "part", align: "left", cells: shown.map(({ block }) => block) },
        { head: "operation", align: "left", cells: shown.map(({ operation, narrow }) => (narrow ? `${operation}, narrow` : operation)) },
        { head: "pass", align: "left", cells: shown.map(({ pass }) => pass) },
        { head: "sizes", align: "left", gives: true, cells: shown.map(({ sizes }) => sizes) },
        { head: "once", unit: once.unit, cells: shown.map(({ once_s }) => once.show(once_s)) },
        { head: "times", cells: shown.map(({ times }) => showCount(times)) },
        { head: "in all", unit: time.unit, cells: shown.map(({ step_s }) => time.show(step_s)) },
        { head: "rate", align: "left", cells: shown.map(({ flop, rate_flop_per_s, bytes, rate_bytes_per_s }) => (flop > 0 ? showQuantity(rate_flop_per_s, "rate") : bytes > 0 ? showQuantity(rate_bytes_per_s, "bandwidth") : "")) },
      ],
      look,
      2,
    ),
    ...(rest > 0 ? [dim(`  ${rest} more: --op PATTERN picks, --json has them all. Work hidden beside other work counts here in full`, look)] : []),
  ];
}

const dimensions: Readonly<Record<string, Dimension>> = { s: "time", B: "data", "B/s": "bandwidth" };
const showValue = (value: number, unit: string): string => (dimensions[unit] === undefined || unit === "B" ? formatNumber(value, 3) + (unit === "B" ? " B" : "") : showQuantity(value, dimensions[unit]));

function writeParameters({ parameters, calibration }: TransformerPrediction, step_s: number, look: Look): string[] {
  const width = ({ stepTimeLow_s, stepTimeHigh_s }: TransformerParameterRecord) => Math.abs(stepTimeHigh_s - stepTimeLow_s);
  const used = parameters.filter((one) => one.used).toSorted((a, b) => width(b) - width(a));
  const unused = parameters.filter((one) => !one.used);
  const told = ({ series }: TransformerParameterRecord) => (series.length === 0 ? "no run" : `${series[0]}${series.length > 1 ? ` and ${series.length - 1} more` : ""}`);
  return [
    bold(`Parameters, those that widen the interval most first${calibration ? `; fitted: ${calibration.title}` : ""}`, look),
    writeTable(
      [
        { head: "parameter", align: "left", cells: used.map(({ name }) => name) },
        { head: "scope", align: "left", cells: used.map(({ scope }) => scope) },
        { head: "prior", cells: used.map(({ prior, unit }) => showValue(prior, unit)) },
        { head: "value", cells: used.map(({ value, unit }) => showValue(value, unit)) },
        { head: "95 % interval", align: "left", cells: used.map(({ low95, high95, unit }) => `${showValue(low95, unit)} – ${showValue(high95, unit)}`) },
        { head: "step", unit: "± %", cells: used.map((one) => showError(width(one) / 2 / step_s)) },
        { head: "told by", align: "left", gives: true, cells: used.map(told) },
      ],
      look,
      2,
    ),
    ...(unused.length > 0 ? [wrap(`  Without effect here (${unused.length}): ${unused.map(({ name }) => name).join(", ")}`, look.width, "    ")] : []),
  ];
}

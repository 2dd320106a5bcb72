/** A run document as text: what was run, its published points, and what the words of its source mean. */
import type { Knob } from "../../model/index.ts";
import type { Run } from "../../model/schema/run.ts";
import { showQuantity, type Dimension } from "../../model/units.ts";
import { bold, wrap, type Look } from "./look.ts";
import { showCount } from "./quantities.ts";
import { writeTable } from "./table.ts";

export function writeRun(run: Run, look: Look): string[] {
  const { points } = run;
  const facts: ReadonlyArray<readonly [string, string]> = [["machine", run.machine], ["workload", run.workload], ["plan", run.plan], ["stack", run.stack], ["year", String(run.year)], ["scales", run.scales.map(showCount).join("; ")]];
  return [
    ...facts.map(([name, text]) => `${name.padEnd(9)} ${wrap(text, look.width - 10, " ".repeat(10))}`),
    "",
    writeTable(
      [
        { head: "point", align: "left", gives: true, cells: points.map(({ id }) => id) },
        { head: "GPUs", cells: points.map(({ devices }) => showCount(devices)) },
        { head: "metric", align: "left", cells: points.map(({ metric }) => metric) },
        { head: "value", align: "left", cells: points.map(({ value }) => value) },
        { head: "95 % interval", align: "left", cells: points.map(({ low, high }) => (low && high ? `${low} – ${high}` : "")) },
        { head: "use", align: "left", cells: points.map(({ use }) => use) },
        { head: "changed", align: "left", gives: true, cells: points.map(({ overrides }) => Object.entries(overrides ?? {}).map(([path, value]) => `${path}=${value}`).join(" ")) },
      ],
      look,
    ),
    ...points.map(({ id, how }) => wrap(`  ${id}: ${how}`, look.width, "      ")),
    ...writeDefinitions(run.definitions ?? [], look),
  ];
}

export function writeDefinitions(definitions: NonNullable<Run["definitions"]>, look: Look): string[] {
  if (definitions.length === 0) return [];
  return ["", bold("What the words mean", look), ...definitions.map(({ term, text, source }) => wrap(`  ${term}: ${text}${source ? ` [${source}]` : ""}`, look.width, "      "))];
}

/** What `--set` takes for this run, beside any other fact of its documents. */
export function writeKnobs(knobs: readonly Knob[], look: Look): string[] {
  const range = ({ control }: Knob) => (control.type === "choice" ? control.options.join(" ") : `${showEnd(control.min, control.dimension)} – ${showEnd(control.max, control.dimension)}`);
  return [
    "",
    bold("What --set changes, beside every fact of its documents", look),
    writeTable(
      [
        { head: "path", align: "left", cells: knobs.map(({ path }) => path) },
        { head: "now", align: "left", cells: knobs.map(({ text }) => text) },
        { head: "range", align: "left", gives: true, cells: knobs.map(range) },
      ],
      look,
      2,
    ),
  ];
}

const showEnd = (value: number, dimension: Dimension): string => (dimension === "count" ? showCount(value) : showQuantity(value, dimension));

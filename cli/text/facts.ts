/** Facts with their sources, and the totals and layers of a workload, as text. */
import type { WorkloadTotals } from "../../model/prediction.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { conventionDescriptions } from "../../model/workload/flop.ts";
import type { FactRow, SourceLine } from "../host/facts.ts";
import type { LayerRow } from "../host/layers.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount } from "./quantities.ts";
import { writeTable } from "./table.ts";

const hidden = new Set(["$schema", "id", "title", "note", "source"]);

export function writeFacts(rows: readonly FactRow[], look: Look): string[] {
  const shown = rows.filter(({ path }) => !hidden.has(path));
  const interval = (row: FactRow) => (row.low === null || row.high === null || row.dimension === null ? "" : `${showEnd(row.low, row)} – ${showEnd(row.high, row)}`);
  return [
    writeTable(
      [
        { head: "path", align: "left", cells: shown.map(({ path }) => path) },
        { head: "value", align: "left", gives: true, cells: shown.map(({ text }) => text) },
        { head: "95 % interval", align: "left", cells: shown.map(interval) },
        { head: "kind", align: "left", cells: shown.map(({ kind }) => kind ?? "") },
        { head: "source", align: "left", gives: true, cells: shown.map(({ source }) => source) },
      ],
      look,
    ),
  ];
}

/** An end of an interval as the value beside it is written: 1.56 has no per cent. */
function showEnd(value: number, { dimension, text }: FactRow): string {
  if (dimension === null || dimension === "count") return showCount(value);
  return dimension === "fraction" && !text.includes("%") ? formatNumber(value) : showQuantity(value, dimension);
}

export function writeSources(sources: readonly SourceLine[], look: Look): string[] {
  if (sources.length === 0) return [];
  return ["", bold("Sources", look), ...sources.map(({ id, title, where, verified, url }) => wrap(`  ${id}: ${title}; ${where} (${verified})${url ? ` ${url}` : ""}`, look.width, "      "))];
}

export function writeTotals(totals: Omit<WorkloadTotals, "gradient_bytes">, look: Look): string[] {
  const conventions = Object.keys(totals.flopPerSample) as Array<keyof typeof totals.flopPerSample>;
  return [
    "",
    bold("Computed from the layers, for one sample", look),
    `  parameters   ${showCount(totals.parameters)} in ${showCount(totals.gradientTensors)} tensors`,
    `  activations  ${showCount(totals.activationsPerSample_elements)} elements that convolutions read`,
    `  input        ${showQuantity(totals.inputPerSample_bytes, "data")} as stored`,
    ...conventions.map((convention) => `  FLOP         ${showQuantity(totals.flopPerSample[convention], "work", 5)} a training step, ${convention}`),
    "",
    bold("How FLOP are counted", look),
    ...conventions.map((convention) => wrap(`  ${convention}: ${conventionDescriptions[convention].description} [${conventionDescriptions[convention].source}]`, look.width, "      ")),
  ];
}

export function writeLayers(layers: readonly LayerRow[], look: Look): string[] {
  return [
    "",
    writeTable(
      [
        { head: "layer", align: "left", gives: true, cells: layers.map(({ name }) => name) },
        { head: "kind", align: "left", gives: true, cells: layers.map(({ kind }) => kind) },
        { head: "in", cells: layers.map(({ inChannels }) => String(inChannels)) },
        { head: "out", cells: layers.map(({ outChannels }) => String(outChannels)) },
        { head: "output", cells: layers.map(({ outSize }) => outSize) },
        { head: "kernel", cells: layers.map(({ kernel }) => (/^1(x1)*$/.test(kernel) ? "" : kernel)) },
        { head: "stride", cells: layers.map(({ stride }) => (stride === 1 ? "" : String(stride))) },
        { head: "dil.", cells: layers.map(({ dilation }) => (dilation === 1 ? "" : String(dilation))) },
        { head: "parameters", cells: layers.map(({ parameters }) => (parameters === 0 ? "" : showCount(parameters))) },
        { head: "forward", unit: "Gflop", cells: layers.map(({ forward_flop }) => (forward_flop === 0 ? "" : formatNumber(forward_flop / 1e9))) },
      ],
      look,
    ),
    dim(`${layers.length} layers`, look),
  ];
}

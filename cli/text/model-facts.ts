/** Parameters and FLOP of a transformer, as text. */
import { showQuantity } from "../../model/units.ts";
import type { DescribedModel } from "../host/model-facts.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount } from "./quantities.ts";
import { writeTable } from "./table.ts";

export function writeModel({ parameters, components, flopPerToken, sequence }: DescribedModel, look: Look): string[] {
  const sparse = parameters.active !== parameters.total;
  const rows = [...components, { component: "together", parameters: parameters.total, active: parameters.active }];
  return [
    "",
    bold("Parameters, computed from its sizes", look),
    writeTable(
      [
        { head: "component", align: "left", cells: rows.map(({ component }) => component) },
        { head: "parameters", cells: rows.map(({ parameters: count }) => showCount(count)) },
        ...(sparse ? [{ head: "a token meets", cells: rows.map(({ active }) => showCount(active)) }] : []),
      ],
      look,
      2,
    ),
    "",
    bold(`FLOP of a token in one training step, of sequences of ${showCount(sequence)} tokens`, look),
    writeTable([{ head: "convention", align: "left", cells: flopPerToken.map(({ convention }) => convention) }, { head: "FLOP", cells: flopPerToken.map(({ flop }) => showQuantity(flop, "work", 4)) }, { head: "", align: "left", cells: flopPerToken.map(({ title }) => title) }], look, 2),
    dim("  Without recomputation: counts named hardware are then those named model.", look),
    ...flopPerToken.map(({ convention, description, source }) => wrap(`  ${convention}: ${description} [${source}]`, look.width, "      ")),
  ];
}

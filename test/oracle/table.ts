/** The comparison as a table for docs/oracle.md, below the text that people wrote. */
import { compareExchange, compareFlows, type Compared } from "./compare.ts";
import type { ExchangePattern } from "./exchanges.ts";
import type { Golden } from "./golden.ts";
import type { FlowPattern } from "./patterns.ts";

const heading = "## Results\n";

/** Differences are given as the power of ten that they do not exceed: a rounding that moves their last digits does not change the table. */
function writeBound(worst: number): string {
  if (worst === 0) return "0";
  return Number.isFinite(worst) ? `1e${Math.ceil(Math.log10(worst))}` : "no answer";
}

const milliseconds = (time_s: number): string => (time_s * 1000).toFixed(5);
const writeRow = ({ id, flows, end_s, simgridEnd_s, worst }: Compared): string => `| ${id} | ${flows} | ${milliseconds(end_s)} | ${milliseconds(simgridEnd_s)} | ${writeBound(worst)} |`;
const writeTable = (what: string, rows: readonly Compared[]): string => [`| ${what} | flows | ours, ms | SimGrid, ms | worst difference, at most |`, "| --- | ---: | ---: | ---: | ---: |", ...rows.map(writeRow)].join("\n");

export function writeResults(flows: Golden<FlowPattern>, exchanges: Golden<ExchangePattern>): string {
  const [ends, steps] = [flows.patterns.map(compareFlows), exchanges.patterns.map((pattern) => compareExchange(pattern, false))];
  const all = [...ends, ...steps];
  const count = all.reduce((sum, row) => sum + row.flows, 0);
  const worst = Math.max(...all.map((row) => row.worst));
  return [
    heading,
    `SimGrid ${flows.head.simgrid}, \`${flows.head.command}\`: ${all.length} patterns, ${count} flows, worst difference at most ${writeBound(worst)}. Times are those of the last flow.`,
    "",
    writeTable("flows", ends),
    "",
    writeTable("exchange in steps", steps),
    "",
  ].join("\n");
}

/** A page with its results as they are now. */
export function replaceResults(page: string, results: string): string {
  const at = page.indexOf(heading);
  if (at < 0) throw new Error(`the page has no line "${heading.trim()}"`);
  return page.slice(0, at) + results;
}

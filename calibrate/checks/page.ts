/** docs/checks.md: every published figure of data, failures, energy and money beside what is predicted for it. */
import { formatNumber } from "../../model/units.ts";
import type { Sources } from "../../model/schema/sources.ts";
import type { Check, CheckInput, CheckRoom } from "./types.ts";

const signs = { "at-least": "≥ ", "at-most": "≤ " } as const;
const samples = { in: "in", out: "out", arithmetic: "arithmetic" } as const;
const cell = (text: string): string => text.replaceAll("|", "\\|");

export function describeChecks(rooms: readonly CheckRoom[], input: CheckInput, sources: Sources, command: string): string {
  const collected = rooms.map((room) => ({ room, checks: room.collect(input) }));
  return [
    "# Published figures beside predictions",
    "",
    `Written by \`${command}\` from \`scenarios/\`. *in*: the figure informed the prediction; *out*: neither it nor its site did; *arithmetic*: both sides rest on the same stated numbers, so that`,
    "agreement shows that the sums are done as the source does them and nothing more. A figure that its source states as a bound is marked ≥ or ≤; the prediction keeps it where it lies on",
    "that side. Intervals are 95 %.",
    "",
    "| part | figures | out of sample | inside the interval or the bound, of those out of sample |",
    "| --- | ---: | ---: | ---: |",
    ...collected.map(({ room, checks }) => summarise(room.title, checks)),
    "",
    ...collected.flatMap(({ room, checks }) => [
      `## ${room.title}`,
      "",
      room.about,
      "",
      "| figure | source | measured | predicted | 95 % interval | unit | error | sample | note |",
      "| --- | --- | ---: | ---: | ---: | --- | ---: | --- | --- |",
      ...checks.map((check) => writeCheck(check, sources)),
      "",
    ]),
  ].join("\n");
}

/** Whether the prediction agrees with the figure: on the right side of a bound, or with the figure in its interval. Undefined without either. */
export function agrees({ measured, bound, predicted, low95, high95 }: Check): boolean | undefined {
  if (bound === "at-least") return (high95 ?? predicted) >= measured;
  if (bound === "at-most") return (low95 ?? predicted) <= measured;
  return low95 === undefined || high95 === undefined ? undefined : low95 <= measured && measured <= high95;
}

function summarise(title: string, checks: readonly Check[]): string {
  const out = checks.filter(({ sample }) => sample === "out");
  const judged = out.map(agrees).filter((answer) => answer !== undefined);
  return `| ${title} | ${checks.length} | ${out.length} | ${judged.filter(Boolean).length} of ${judged.length} |`;
}

function writeCheck(check: Check, sources: Sources): string {
  const { what, source, measured, bound, unit, predicted, low95, high95, error, sample, note } = check;
  const interval = low95 === undefined || high95 === undefined ? "" : `${formatNumber(low95)} to ${formatNumber(high95)}`;
  const kept = bound !== undefined && (bound === "at-least" ? predicted >= measured : predicted <= measured);
  const shown = kept ? "kept" : `${error >= 0 ? "+" : "−"}${formatNumber(Math.abs(error) * 100, 2)} %`;
  const { title = source, url } = sources[source] ?? {};
  return `| ${cell(what)} | ${url === undefined ? cell(title) : `[${cell(title)}](${url})`} | ${bound === undefined ? "" : signs[bound]}${formatNumber(measured)} | ${formatNumber(predicted)} | ${interval} | ${cell(unit)} | ${shown} | ${samples[sample]} | ${cell(note)} |`;
}

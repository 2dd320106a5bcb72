/**
 * The page docs/network-fits.md: per published file how well the time model fits and with which parameters; the same parameters at other scales and for
 * other operations; what rules did to odd files. Figures are rounded to what they can tell, so that the page stays as it is when it is remade.
 */
import { fitCollective, parameterNames } from "./fit.ts";
import type { CollectiveForm } from "../../../model/network/library/protocol-time.ts";
import type { PublishedScales } from "../../../model/schema/series.ts";
import type { CollectiveFit, ParameterName, SeriesErrors, TimedCollective } from "./fit.ts";
import type { Line, MessageFit } from "./message.ts";
import { fewSizes, rules } from "./rules.ts";
import type { RuleId } from "./rules.ts";
import type { CollectiveSeries } from "./series.ts";
import { holdOut, transferFit, transferScales } from "./transfer.ts";
import type { Transfer } from "./transfer.ts";

const percent = (value: number, digits = 1): string => (100 * value).toFixed(digits);
const signed = (value: number): string => `${value >= 0 ? "+" : ""}${percent(value)}`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export function showBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${Number((bytes / 2 ** (10 * unit)).toPrecision(3))} ${units[unit]}`;
}

const scaleOf: Readonly<Record<ParameterName, { readonly head: string; readonly per: number }>> = {
  start_s: { head: "start us", per: 1e-6 },
  hop_s: { head: "hop us", per: 1e-6 },
  channelHop_s: { head: "channels add us", per: 1e-6 },
  channelFill_bytes: { head: "channels fill kB", per: 1e3 },
  simpleHop_s: { head: "Simple adds us", per: 1e-6 },
  lowLatencyShare: { head: "low latency share", per: 1 },
  chunk_bytes: { head: "chunk MB", per: 1e6 },
  rate_bytes_per_s: { head: "rate GB/s", per: 1e9 },
  ringStep_s: { head: "ring step us", per: 1e-6 },
};

/** Value and one standard error in %; in brackets where the times hardly say more than the prior. */
function showParameter(fit: CollectiveFit, name: ParameterName): string {
  const text = `${Number((fit.stack[name] / scaleOf[name].per).toPrecision(3))} ±${percent(fit.standardErrors[name], 0)} %`;
  return fit.atPrior.includes(name) ? `(${text})` : text;
}

const ringSizes = (rows: readonly TimedCollective[]): string => {
  const rings = rows.filter(({ form }) => form === "ring");
  if (rings.length === 0) return "-";
  return rings.length === rows.length ? "all" : `from ${showBytes(Math.min(...rings.map(({ bytes }) => bytes)))}`;
};
const meets = ({ median, p90 }: SeriesErrors): string => (median <= 0.03 && p90 <= 0.1 ? "yes" : median <= 0.03 ? "median" : p90 <= 0.1 ? "p90" : "no");

interface Fitted {
  readonly series: CollectiveSeries;
  readonly fit: CollectiveFit;
}

function errorTable(fitted: readonly Fitted[], full: boolean): string {
  return table(
    ["series", "ranks", "sizes", "n", "ring", "median %", "p90 %", "worst %", "bias %", ...(full ? ["held out: median %", "p90 %", "3 / 10"] : [])],
    fitted.map(({ series: { title, shape, rows }, fit: { errors } }) => {
      const held = full ? holdOut(rows) : undefined;
      return [
        title, `${shape.nodes} x ${shape.devicesPerNode}`, `${showBytes(rows[0]!.bytes)} to ${showBytes(rows.at(-1)!.bytes)}`, `${errors.n}`, ringSizes(rows),
        percent(errors.median), percent(errors.p90), percent(errors.worst, 0), signed(errors.bias), ...(held ? [percent(held.median), percent(held.p90), meets(errors)] : []),
      ];
    }),
  );
}

function parameterTable(fitted: readonly Fitted[]): string {
  return table(
    ["series", ...parameterNames.map((name) => scaleOf[name].head)],
    fitted.map(({ series: { title, rows }, fit }) => [title, ...parameterNames.map((name) => (name === "ringStep_s" && rows.every(({ form }) => form === "tree") ? "-" : showParameter(fit, name)))]),
  );
}

function residualTable({ residuals }: Transfer): string {
  return table(
    ["size", "measured us", "predicted us", "error %"],
    residuals.map(({ bytes, measured_s, predicted_s, error }) => [showBytes(bytes), `${Number((measured_s * 1e6).toPrecision(5))}`, `${Number((predicted_s * 1e6).toPrecision(4))}`, signed(error)]),
  );
}

function ruleTable(series: readonly CollectiveSeries[]): string {
  return table(
    ["rule", "does", "because", "where"],
    (Object.keys(rules) as RuleId[]).map((id) => {
      const where = series.flatMap(({ title, hits }) =>
        hits.filter(({ rule }) => rule === id).map(({ bytes, detail, effect }) => `${title}${bytes.length > 0 ? ` (${bytes.map(showBytes).join(", ")})` : ""}${detail === undefined ? "" : ` (${detail})`}${effect === "left-out" ? ": left out" : ""}`),
      );
      return [id, rules[id].does, rules[id].reason, where.length === 0 ? "nowhere" : where.join("; ")];
    }),
  );
}

/** All-reduce's parameters for the other operations of the same node. */
function operationTable(series: readonly CollectiveSeries[]): string {
  const from = series.find(({ id }) => id === "dgx-a100-all-reduce");
  const others = series.filter(({ id, shape }) => id.startsWith("dgx-a100-") && shape.operation !== "all-reduce");
  if (!from || others.length === 0) return "The files of the A100 node were not there.";
  return table(
    ["operation", "n", "median %", "p90 %", "worst %", "bias %"],
    others.map(({ shape, rows }) => {
      const { n, median, p90, worst, bias } = transferFit(from.rows, rows).errors;
      return [shape.operation, `${n}`, percent(median), percent(p90), percent(worst, 0), signed(bias)];
    }),
  );
}

/** Series of the same stack at several scales: which one informs, which are predicted. */
const pairs: readonly (readonly [from: string, to: readonly string[]])[] = [
  ["mi325x-2-nodes", ["mi325x-4-nodes", "mi325x-8-nodes"]],
  ["p4d-2-nodes", ["p4d-3-nodes", "p4d-4-nodes"]],
  ["gb200-2-racks", ["gb200-20-racks"]],
];

/** Error if all sizes ran the tree, and if all ran the ring. */
function scaleTable(series: readonly CollectiveSeries[]): string {
  const rows = pairs.flatMap(([id, others]) => {
    const from = series.find((one) => one.id === id);
    return others.flatMap((other) => {
      const to = series.find((one) => one.id === other);
      if (!from || !to) return [];
      const as = (form: CollectiveForm) => signed(transferFit(from.rows.map((row) => ({ ...row, form })), to.rows.map((row) => ({ ...row, form }))).errors.bias);
      return [[from.title, to.title, as("tree"), as("ring")]];
    });
  });
  return table(["fitted", "predicted", "mean error % as tree", "as ring"], rows);
}

export interface FittedMessages {
  readonly title: string;
  readonly published: string;
  readonly fit: MessageFit;
}

function messageTable(messages: readonly FittedMessages[]): string {
  const us = (value: number): string => `${Number((value * 1e6).toPrecision(3))}`;
  const rate = ({ rate_bytes_per_s }: Line): string => (rate_bytes_per_s === undefined ? "-" : `${Number((rate_bytes_per_s / 1e9).toPrecision(3))}`);
  return table(
    ["series", "n", "latency us", "GB/s", "from", "latency us", "GB/s", "median %", "p90 %", "worst %"],
    messages.map(({ title, fit: { below, from_bytes, above, errors } }) => [
      title, `${errors.n}`, us(below.latency_s), rate(below), from_bytes === undefined ? "-" : showBytes(from_bytes), above ? us(above.latency_s) : "-", above ? rate(above) : "-",
      percent(errors.median), percent(errors.p90), percent(errors.worst, 0),
    ]),
  );
}

export function describeFits(series: readonly CollectiveSeries[], messages: readonly FittedMessages[], scales: PublishedScales): { readonly markdown: string; readonly summary: string } {
  const fitted = series.filter((one) => one.fitted).map((one) => ({ series: one, fit: fitCollective(one.rows) }));
  const sizesOf = ({ series: { rows } }: Fitted): number => new Set(rows.map(({ bytes }) => bytes)).size;
  const [full, few] = [fitted.filter((one) => sizesOf(one) >= fewSizes), fitted.filter((one) => sizesOf(one) < fewSizes)];
  const polaris = transferScales(scales, 256);
  const otherStack = transferScales(scales, 540);
  const good = full.filter(({ fit: { errors } }) => meets(errors) === "yes").length;
  const sources = [...new Set([...series, ...messages].map(({ published }) => published))].toSorted();
  const markdown = [
    "# Fits of the network's collectives to published times",
    "Made by `npx tsx cli/fit-collectives.ts --from DIR`, where DIR holds the folders `nccl-tests` and `osu` of the outputs named in `scenarios/series/`. Not edited by hand.",
    "The model is `model/network/library/protocol-time.ts`: a low-latency and a bandwidth protocol, each a start, a latency per serial hop that grows as a message fills more channels, and bytes, of which the first chunk goes hop by hop and the rest follows in a pipeline; a soft minimum of the two; a ring where NCCL's own estimates name one with Simple (more than two nodes, or several scales fitted together). Errors are |predicted / measured - 1| over the sizes of a file; a fit minimises a soft-L1 loss of the logarithm under the priors of `calibrate/fit/collective/fit.ts`.",
    `## Own fit per file\n\nGoal: median 3 %, 90th percentile 10 %. ${good} of ${full.length} series with at least ${fewSizes} sizes reach both. Held out: every second size predicted from the others, both ways.`,
    errorTable(full, true),
    `## Parameters\n\nOne standard error in % of the value (Laplace); in brackets where it is above 90 % of the prior's. They are correlated: start with hop, share with chunk and Simple's extra.`,
    parameterTable(full),
    "## Polaris: 2 and 8 nodes to 256\n\nNCCL all-reduce on 4 A100 per node over Slingshot 11 (argonne-lcf/alcf-nccl-tests @385be33, environment 4). Twelve times at 2 and 8 nodes inform the fit; the times at 256 nodes do not. Goal: within 10 % at every size.",
    residualTable(polaris),
    `Own fit of the twelve: median ${percent(polaris.fit.errors.median)} %, p90 ${percent(polaris.fit.errors.p90)} %, worst ${percent(polaris.fit.errors.worst, 0)} %. Parameters: ${parameterNames.map((name) => `${scaleOf[name].head} ${showParameter(polaris.fit, name)}`).join(", ")}.`,
    "The same parameters at 540 nodes, which ran with environment 5, another stack (the difference is that of the stacks as much as of the scale):",
    residualTable(otherStack),
    "## Two nodes to more\n\nWhat a log of two nodes leaves open: a tree sends its message once out of each of two nodes and twice from three on, a ring hardly more. Which of the two ran is not in such a log. Large messages, mean error over sizes.",
    scaleTable(series),
    "## All-reduce to other operations\n\nParameters of the A100 node's all-reduce, used for the other operations of that node as they are. An all-to-all runs as grouped sends and has a start of its own, which all-reduce cannot tell.",
    operationTable(series),
    "## Few sizes\n\nPriors decide most parameters here; the errors say little.",
    errorTable(few, false),
    "## Messages and MPI collectives (OSU)\n\nTwo lines, latency + bytes / rate, below and from a size on. A bandwidth test streams messages: its first latency is the overhead per message. A collective's rate is size over time, not a wire's.",
    messageTable(messages),
    "## Rules for odd files",
    ruleTable(series),
    `## Sources\n\n${sources.map((source) => `- ${source}`).join("\n")}`,
  ].join("\n\n");
  const lines = full.map(({ series: { id }, fit: { errors } }) => `${id}: n ${errors.n}, ${percent(errors.median)} / ${percent(errors.p90)} %`);
  const summary = [...lines, `${good} of ${full.length} within 3 / 10 %`, `Polaris 256: ${polaris.residuals.map(({ bytes, error }) => `${showBytes(bytes)} ${signed(error)}`).join(", ")}`].join("\n");
  return { markdown: `${markdown}\n`, summary };
}

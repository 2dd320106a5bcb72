/** What a step waits for, what delay costs, and how far it is to the quality target, in lines of text. */
import { delayTheory, type AsynchronyReport, type Interval, type RefusedTarget, type TargetReport } from "../../model/prediction-asynchrony.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";

const range = ({ value, low95, high95 }: Interval, show: (value: number) => string): string => `${show(value)} (${show(low95)} – ${show(high95)})`;
const time = (value: number): string => (value >= 86_400 ? `${formatNumber(value / 86_400, 3)} days` : value >= 3600 ? `${formatNumber(value / 3600, 3)} h` : showQuantity(value, "time"));

/** In `predict`: one line each. */
export function asynchronyLines({ asynchrony, targets }: { readonly asynchrony: AsynchronyReport | null; readonly targets: ReadonlyArray<TargetReport | RefusedTarget> }): string[] {
  return [...(asynchrony ? describeScheme(asynchrony) : []), ...targets.map(describeTarget)];
}

function describeScheme({ waits, staleness, serverUse, penalty, trials_s }: AsynchronyReport): string[] {
  const old = staleness ? `; gradients are ${formatNumber(staleness.mean, 3)} updates old on average` : "";
  const use = serverUse === null ? "" : `; servers are ${showQuantity(serverUse, "fraction", 2)} used`;
  return [
    `Waiting: ${waits}${use}${old}`,
    ...(trials_s === null ? [] : [`All trials are done after ${time(trials_s)}`]),
    ...(penalty ? [`Samples to target over synchronous training at ${penalty.batch.toLocaleString("en", { maximumFractionDigits: 1 })} sample${penalty.batch === 1 ? "" : "s"} an update: ${penalty.source === delayTheory ? `${formatNumber(penalty.low95, 3)} to ${formatNumber(penalty.high95, 3)} by theory, ${formatNumber(penalty.value, 3)} in the middle; not measured` : range(penalty, (value) => formatNumber(value, 3))}`] : []),
  ];
}

export function describeTarget(target: TargetReport | RefusedTarget): string {
  if ("refused" in target) return `To target: not known, ${target.refused}`;
  const { title, target: quality, amount, unit, stepsNeeded, time_s, within } = target;
  const outside = within ? "" : ", outside the batches that were measured";
  const told = stepsNeeded && time_s ? `${range(stepsNeeded, (value) => formatNumber(value, 3))} steps, ${range(time_s, time)}` : `${range(amount, (value) => formatNumber(value, 3))} ${unit}; no document says what an epoch holds, so steps are not known`;
  return `To the ${quality} (${title}): ${told}, without failures and evaluation${outside}`;
}

/** In `explain`: formulas with their numbers and where they are from. */
export function writeAsynchrony({ asynchrony, targets }: Parameters<typeof asynchronyLines>[0], look: Look): string[] {
  if (asynchrony === null && targets.length === 0) return [];
  const lines: string[] = [];
  const add = (text: string) => lines.push(wrap(`  ${text}`, look.width, "      "));
  const dimmed = (text: string) => lines.push(dim(wrap(`      ${text}`, look.width, "        "), look));
  if (asynchrony) {
    for (const line of describeScheme(asynchrony)) add(line);
    dimmed(asynchrony.equation);
    if (asynchrony.penalty) dimmed(`${asynchrony.penalty.how} [${asynchrony.penalty.source}]`);
  }
  for (const target of targets) {
    add(describeTarget(target));
    if (!("refused" in target)) dimmed(`${target.equation}; 95 % interval from the scatter of its points [${target.source}]${target.penalty.value === 1 ? "" : `; samples x ${formatNumber(target.penalty.value, 3)} for delay`}`);
  }
  return [bold("Waiting and steps to target", look), ...lines, ""];
}

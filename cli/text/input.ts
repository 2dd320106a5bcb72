/** Staging and input on paper: what binds them, what each tier and stage supplies beside what training asks for, with the formulas and their numbers. */
import type { InputReport, Prediction, ScalePoint, StagingRace, StagingReport, TransformerPoint } from "../../model/index.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount } from "./quantities.ts";

const bindWords: Record<StagingReport["binds"], string> = { read: "reading the shared storage", metadata: "opening files", exchange: "receiving from peers", write: "writing to the node's storage" };
const stageWords: Record<InputReport["slowest"], string> = { read: "reading", decode: "decoding", copy: "copying to the device" };

export const stagingWords = ({ staging }: ScalePoint): string => (staging ? `; ${staging.mode}, bound by ${bindWords[staging.binds]}` : "");

/** Supply by tier and stage, in one line each. */
export function supplyLines({ input }: ScalePoint): string[] {
  if (input.place === "memory") return ["Input supplied: samples are in memory"];
  const tiers = input.tiers.map(({ name, share, supply_bytes_per_s }) => `${name} ${showQuantity(supply_bytes_per_s, "bandwidth")}${input.tiers.length > 1 ? ` for ${showQuantity(share, "fraction", 2)} of samples` : ""}`);
  const stages = input.stages.map(({ id, supply_samples_per_s }) => (supply_samples_per_s === null ? "" : `${id} ${showQuantity(supply_samples_per_s, "samples")}`)).filter((words) => words !== "");
  const wait = input.wait_s > 0 ? `; the step waits ${showQuantity(input.wait_s, "time")} for ${stageWords[input.slowest]}` : "";
  return [`Input supplied: ${tiers.join(", ")} a node; a GPU takes ${showQuantity(input.demand_samples_per_s, "samples")} of ${stages.join(", ")}${wait}`];
}

/** Staging and input with formula and numbers, for one scale. */
export function writeInputExplanation({ points, stagingRace }: Prediction, look: Look): string[] {
  const point = points.at(-1);
  if (point === undefined) return [];
  const { staging, input } = point;
  const line = (text: string) => wrap(`  ${text}`, look.width, "      ");
  const formula = (text: string) => dim(wrap(`      ${text}`, look.width, "        "), look);
  const lines = [bold(`Staging and input at ${showCount(point.devices)} GPUs`, look)];
  if (staging) {
    lines.push(
      line(`Staging (${staging.mode}): ${showQuantity(staging.time_s, "time")}, bound by ${bindWords[staging.binds]}. Each node holds ${showQuantity(staging.held_bytes, "data")}${staging.held_bytes < staging.share_bytes ? ` of the ${showQuantity(staging.share_bytes, "data")} that it should` : ""}; a sample lies on ${formatNumber(staging.copies)} nodes; ${showQuantity(staging.read_bytes, "data")} are read in all`),
      formula(`max(read ${showQuantity(staging.read_s, "time")}, open ${showQuantity(staging.metadata_s, "time")}, receive ${showQuantity(staging.exchange_s, "time")}, write ${showQuantity(staging.write_s, "time")})`),
    );
  } else lines.push(line("Staging: none"));
  if (stagingRace) lines.push(line(`${staging ? "Other ways" : "Ways to stage"} on ${showCount(point.nodes)} nodes: ${otherWays(stagingRace, point).join("; ")}`));
  if (input.place === "memory") return [...lines, line("Input: samples are in memory, nothing is read while training")];
  for (const { name, share, need_bytes_per_s, wanted_bytes_per_s, supply_bytes_per_s } of input.tiers) {
    lines.push(line(`${name}: ${showQuantity(share, "fraction", 2)} of samples; a node takes ${showQuantity(need_bytes_per_s, "bandwidth")}, would take ${showQuantity(wanted_bytes_per_s, "bandwidth")} if it never waited, and gets up to ${showQuantity(supply_bytes_per_s, "bandwidth")}`));
  }
  for (const { id, time_s, spread, supply_samples_per_s } of input.stages) {
    const workers = id === "decode" ? ` by ${formatNumber(input.workers.running)} workers a GPU${input.workers.running < input.workers.asked ? ` (${input.workers.asked} asked for, ${showCount(input.workers.cores ?? 0)} cores a node)` : ""}` : "";
    lines.push(line(`${id}: ${showQuantity(time_s, "time")} a batch${workers}${supply_samples_per_s === null ? "" : `, ${showQuantity(supply_samples_per_s, "samples")} of ${showQuantity(input.demand_samples_per_s, "samples")} needed`}${spread > 0 ? `, varying by ${showQuantity(spread, "fraction", 2)}` : ""}`));
  }
  lines.push(
    formula(`step = max(step without input ${showQuantity(point.stepTime_s.value - input.wait_s, "time")}, ${input.stages.map(({ id, time_s }) => `${id} ${showQuantity(time_s, "time")}`).join(", ")}) + ${showQuantity(input.variability_s, "time")} for what varies, ${input.prefetch === null ? "buffer as deep as it takes" : `${input.prefetch} batches ahead`}`),
  );
  if (input.firstEpochStep_s !== null) lines.push(line(`First epoch, caches cold: a step takes ${showQuantity(input.firstEpochStep_s, "time")}`));
  return lines;
}

/** Token loading of a transformer. */
export function tokenLine({ input }: TransformerPoint): string {
  const { token_bytes, need_bytes_per_s, supply_bytes_per_s, home, readers, wait_s } = input;
  return `Input needed: ${showQuantity(need_bytes_per_s.machine, "bandwidth")} in all, ${token_bytes} bytes a token by ${showCount(readers)} reader${readers === 1 ? "" : "s"}; ${home} gives ${showQuantity(supply_bytes_per_s, "bandwidth")} a node${wait_s > 0 ? `, and the step waits ${showQuantity(wait_s, "time")}` : ""}`;
}

/** Times of the other strategies at the nearest number of nodes of the race. */
function otherWays({ strategies, chosen }: StagingRace, { nodes }: ScalePoint): string[] {
  return strategies.filter(({ strategy }) => strategy !== chosen).map(({ strategy, points }) => {
    const near = points.reduce((best, one) => (Math.abs(Math.log(one.nodes / nodes)) < Math.abs(Math.log(best.nodes / nodes)) ? one : best));
    return `${strategy} ${showQuantity(near.time_s, "time")}${near.nodes === nodes ? "" : ` (on ${showCount(near.nodes)})`}, bound by ${bindWords[near.binds]}${near.held < 1 ? `, ${showQuantity(near.held, "fraction", 2)} of it fits` : ""}`;
  });
}

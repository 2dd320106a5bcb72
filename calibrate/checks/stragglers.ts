/** Slow devices beside what the expected slowest of n says of them. */
import { spreadOf } from "../../model/resources.ts";
import { documentFolders } from "../../model/schema/index.ts";
import type { Machine } from "../../model/schema/machine.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import { expectedMaximum, slowestLag } from "../../model/variability/slowest.ts";
import { chanceOfSlow, equalDevices, slowestOf } from "../../model/variability/spread.ts";
import { against, figure, type Check, type CheckInput, type CheckRoom } from "./types.ts";

const tile = { sigma: 0.26643 / 18.8536, count: 984 };

function spreadOfMachine({ library }: CheckInput, id: string) {
  const { document, problems } = parseDocument("machine", library.documents.machine[id], `${documentFolders.machine}/${id}`);
  if (document === undefined) throw new Error(JSON.stringify(problems));
  const { sigma, tail } = (document as Machine).deviceSpread;
  return { spread: spreadOf(document as Machine), sigma, tail };
}

function collect(input: CheckInput): Check[] {
  const { facts } = input;
  const { spread, sigma, tail } = spreadOfMachine(input, "summit");
  const rate = (by: number) => 1 / (1 + slowestLag(tile.count, tile.sigma, by));
  // Between the slowest and the fastest of the largest machine of the study.
  const range = (of: { sigma: number; tail: number }) => 100 * (of.sigma * (1 + of.tail) * expectedMaximum(27_648));
  const share = figure(facts, "megascale-straggler-share").value / 100;
  const slowdown = 1 + figure(facts, "megascale-straggler-slowdown").value / 100;
  // The job's size is not told: between one machine and as many as the largest job of the paper has.
  const gain = (machines: number) => 100 * (slowestOf({ ...equalDevices, slowNodeShare: share, nodeSlowdown: slowdown, devicesPerNode: 8 }, 8 * machines) - 1);
  const chance = chanceOfSlow({ slowShare: share }, 32);
  return [
    against(facts, "sunspot-slowest-tile", { value: rate(spread.tail), low95: rate(tail.high ?? tail.value), high95: rate(tail.low ?? tail.value) }, "in", `its own tail of ${spread.tail}; a normal law expects ${rate(1).toFixed(3)}`),
    against(facts, "gpu-variability-max", { value: range(spread), low95: range({ sigma: sigma.low ?? sigma.value, tail: tail.low ?? tail.value }), high95: range({ sigma: sigma.high ?? sigma.value, tail: tail.high ?? tail.value }) }, "out", "fastest to slowest of 27,648 with the spread of Sunspot's tiles; several machines and programs, the largest of all"),
    against(facts, "megascale-straggler-mfu-gain", { value: gain(32), low95: gain(1), high95: gain(1536) }, "out", `the size of the job is not told: 32 machines are taken (a slow one among them with a chance of ${(100 * chance).toFixed(0)} %), the interval goes from 1 to 1,536`),
    against(facts, "bloom-slow-node-after", { value: (figure(facts, "bloom-slow-node-before").value * 105.2) / 111.1 }, "arithmetic", "rate by the iteration times of the same log; how much slower the one GPU of 384 was is not told, so the 5.6 % say that it was at least so"),
  ];
}

export const stragglerChecks: CheckRoom = {
  title: "Unequal devices",
  about: "The slowest of n by extreme-value theory (docs/equations.md: stragglers). The spread of every machine is that of 984 tiles of Sunspot, so that row is no test; the others have informed nothing.",
  collect,
};

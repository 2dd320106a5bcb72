/** What the charts of input draw: supply beside demand, stage by stage and tier by tier, and the strategies of staging over nodes. */
import type { InputReport, StagingRace, StagingReport, StagingStrategy } from "../../../model/prediction-input.ts";
import type { Tip } from "../dom.ts";
import { count, percent, show } from "../format.ts";
import { activePoint, type Scene } from "./scene.ts";
import type { Table } from "./table.ts";

export interface SupplyRow {
  key: string;
  name: string;
  detail: string;
  supply_samples_per_s: number;
  binds: boolean;
  tip: Tip;
}

export interface SupplyData {
  summary: string;
  demand_samples_per_s: number;
  rows: SupplyRow[];
}

const stageNames: Record<InputReport["slowest"], string> = { read: "Read", decode: "Decode", copy: "Copy to the GPU" };
const stageWords: Record<InputReport["slowest"], string> = { read: "reading", decode: "decoding", copy: "copying to the GPU" };
export const strategyNames: Record<StagingStrategy, string> = { naive: "every node copies", exchange: "read once, exchange", shards: "a part for each node" };
export const bindNames: Record<StagingReport["binds"], string> = { read: "the shared storage", metadata: "opening files", exchange: "what peers send", write: "the node\u2019s own storage" };

/** Samples a second of one GPU, by stage; where a node reads from several tiers, each of them with its share. */
export function supplyData(scene: Scene): SupplyData {
  const point = activePoint(scene);
  const { input } = point;
  const demand = input.demand_samples_per_s;
  const perSample = (rate: number, wanted: number) => (wanted > 0 ? (rate / wanted) * demand : 0);
  const tiers = input.tiers.map((tier): SupplyRow => {
    const supply = perSample(tier.supply_bytes_per_s, tier.wanted_bytes_per_s);
    return {
      key: `tier:${tier.id}`, name: "Read", detail: `${tier.name}${input.tiers.length > 1 ? `, ${percent(tier.share, 2)} of samples` : ""}`, supply_samples_per_s: supply, binds: supply < demand,
      tip: { head: tier.name, rows: [["supply of a node", show(tier.supply_bytes_per_s, "bandwidth")], ["taken", show(tier.need_bytes_per_s, "bandwidth")], ["without waiting", show(tier.wanted_bytes_per_s, "bandwidth")], ["of samples", percent(tier.share, 2)]] },
    };
  });
  const stages = input.stages.flatMap(({ id, time_s, spread, supply_samples_per_s: supply }): SupplyRow[] => {
    // Files that are opened take time beside what tiers transfer: then the stage has a row of its own.
    if (supply === null || (id === "read" && tiers.some((tier) => tier.supply_samples_per_s <= supply * 1.001))) return [];
    const detail = id === "decode" ? `${show(input.workers.running, "count")} workers a GPU` : id === "copy" ? "host link" : "files opened and read";
    return [{ key: `stage:${id}`, name: stageNames[id], detail, supply_samples_per_s: supply, binds: supply < demand, tip: { head: stageNames[id], rows: [["a batch", show(time_s, "time")], ["supply of a GPU", show(supply, "samples")], ...(spread > 0 ? [["varies by", percent(spread, 2)] as const] : [])] } }];
  });
  const rows = [...tiers, ...stages];
  return { summary: `Input that one GPU takes at ${count(point.devices)} GPUs, ${show(demand, "samples")}, beside what ${rows.map(({ name }) => name.toLowerCase()).join(", ")} supply`, demand_samples_per_s: demand, rows };
}

export function supplyTitle(scene: Scene): string {
  const { input } = activePoint(scene);
  if (input.stages.length === 0) return "Samples are in memory: nothing is read while training";
  const least = Math.min(...input.stages.map(({ supply_samples_per_s: supply }) => supply ?? Number.POSITIVE_INFINITY));
  const words = stageWords[input.slowest];
  return input.wait_s > 0 ? `The step waits ${show(input.wait_s, "time")} for ${words}` : `Input hides: ${words} has ${show(least / input.demand_samples_per_s, "count")} times the need`;
}

export function supplyTable(scene: Scene): Table {
  const { rows, demand_samples_per_s } = supplyData(scene);
  return {
    name: "input", caption: "Samples a second that one GPU takes, and that each stage supplies",
    columns: [{ name: "stage" }, { name: "from" }, { name: "supply", unit: "samples/s" }, { name: "demand", unit: "samples/s" }],
    rows: rows.map(({ name, detail, supply_samples_per_s }) => [name, detail, supply_samples_per_s, demand_samples_per_s]),
  };
}

export interface RaceLine {
  strategy: StagingStrategy;
  name: string;
  chosen: boolean;
  points: Array<StagingRace["strategies"][number]["points"][number] & { tip: Tip }>;
}

export interface RaceData {
  summary: string;
  activeNodes: number;
  lines: RaceLine[];
}

export function raceData(scene: Scene): RaceData | null {
  const race = scene.current.prediction.stagingRace;
  if (race === null) return null;
  const { nodes } = activePoint(scene);
  return {
    summary: `Time to stage a data set of ${show(race.dataset_bytes, "data")} over nodes: ${race.strategies.map(({ strategy }) => strategyNames[strategy]).join(", ")}`,
    activeNodes: nodes,
    lines: race.strategies.map(({ strategy, points }) => ({
      strategy, name: strategyNames[strategy], chosen: strategy === race.chosen,
      points: points.map((point) => ({ ...point, tip: { head: `${strategyNames[strategy]}, ${count(point.nodes)} nodes`, rows: [["time", show(point.time_s, "time")], ["bound by", bindNames[point.binds]], ...(point.held < 1 ? [["fits a node", percent(point.held, 2)] as const] : [])] } })),
    })),
  };
}

export function raceTitle(scene: Scene): string {
  const race = scene.current.prediction.stagingRace;
  if (race === null) return "Nodes have no storage of their own: nothing can be staged";
  const { nodes, staging } = activePoint(scene);
  const at = (strategy: StagingStrategy) => race.strategies.find((one) => one.strategy === strategy)?.points.reduce((near, one) => (Math.abs(Math.log(one.nodes / nodes)) < Math.abs(Math.log(near.nodes / nodes)) ? one : near));
  const naive = at("naive");
  const [chosen] = [staging];
  if (chosen && chosen.mode !== "naive" && naive) return `Staged in ${show(chosen.time_s, "time")}; by copies on every node ${show(naive.time_s, "time")}`;
  return chosen ? `Staged in ${show(chosen.time_s, "time")}, bound by ${bindNames[chosen.binds]}` : "Nothing is staged: training reads the shared storage";
}

export function raceTable(scene: Scene): Table {
  const data = raceData(scene);
  return {
    name: "staging", caption: "Time to stage, by strategy and number of nodes",
    columns: [{ name: "strategy" }, { name: "nodes", whole: true }, { name: "time", unit: "s" }, { name: "bound by" }, { name: "share that fits" }],
    rows: (data?.lines ?? []).flatMap(({ name, points }) => points.map(({ nodes, time_s, binds, held }) => [name, nodes, time_s, bindNames[binds], held])),
  };
}

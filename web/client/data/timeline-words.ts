/** What the timeline says of an operation, of a piece of several, and of a pause: the same facts for the tooltip, the sheet and the table. */
import type { TermGroup } from "../../../model/prediction.ts";
import type { KindName } from "../../../model/simulate/record.ts";
import type { Tip } from "../dom.ts";
import { count, fixed, join, percent, show, showIn, type Unit } from "../format.ts";
import type { SimulationOutcome } from "../timeline/protocol.ts";
import { laneNames, type Bar, type Gap, type Timeline } from "./timeline-lanes.ts";
import type { Piece } from "./timeline-fit.ts";

export const kindTitles: Partial<Record<KindName, string>> = {
  convolution: "Convolutions and dense layers", memory: "Memory-bound operations", optimizer: "Optimizer", launch: "Kernel launch", normalisationExchange: "Batch-statistics exchange", negotiate: "Announcing gradients",
  answer: "Agreement on buffers", allReduce: "All-reduce", read: "Storage reads", decode: "Decoding", copy: "Copy to device", bucketCopy: "Bucket copies", accumulate: "Accumulation", classExchange: "Features and logits between devices", dividedUpdate: "Update of divided classes",
};
export const kindTitle = (kind: KindName): string => kindTitles[kind] ?? kind;

export const categoryNames: Record<TermGroup, string> = { compute: "compute", memory: "memory", comm: "communication", storage: "input", wait: "waiting", host: "control plane", other: "optimizer, launch" };

export interface Fact {
  name: string;
  value: string;
}

export const workOf = ({ operation: { begin_s, end_s } }: Bar): number => end_s - begin_s;
export const waitOf = ({ operation: { start_s, begin_s } }: Bar): number => begin_s - start_s;

/** A place in the step, in the unit of its axis, with enough digits to tell neighbours apart. */
export const showMoment = (time_s: number, unit: Unit): string => join(fixed(time_s / unit.scale, 2), unit.unit);

export function factsOf(bar: Bar, { limits, simulation }: Pick<SimulationOutcome, "limits" | "simulation">, timeline: Timeline, unit: Unit): Fact[] {
  const { operation } = bar;
  const work_s = workOf(bar);
  const [busiest] = simulation.links;
  const needs = operation.after === null ? undefined : timeline.byKey.get(`${bar.rank}.${operation.after}`);
  const facts: Array<Fact | false> = [
    { name: "starts", value: showMoment(operation.start_s, unit) },
    waitOf(bar) > 0 && { name: "waits", value: `${show(waitOf(bar), "time")}, for the last rank` },
    { name: "takes", value: `${show(work_s, "time")}, ${percent(work_s / timeline.step_s)} of the step` },
    { name: "binds", value: limits[operation.index] ?? "" },
    operation.kind === "allReduce" && busiest !== undefined && { name: "fullest link", value: `${busiest.kind}, ${percent(busiest.used)} in use at the largest sum` },
    operation.flop > 0 && { name: "work", value: `${show(operation.flop, "work")}, ${show(operation.flop / work_s, "rate")}` },
    operation.bytes > 0 && { name: operation.lane === "network" ? "vector" : "data", value: `${show(operation.bytes, "data")}, ${show(operation.bytes / work_s, "bandwidth")}` },
    operation.slack_s !== null && { name: "slack", value: bar.onPath ? "none, on the critical path" : `${show(operation.slack_s, "time")} later and the step is as long` },
    { name: "needs", value: needs === undefined ? "nothing before it" : needs.operation.name },
  ];
  return facts.filter((fact) => fact !== false);
}

export const pairs = (facts: readonly Fact[]): Array<readonly [string, string]> => facts.map(({ name, value }) => [name, value] as const);

export function tipOfBar(bar: Bar, outcome: SimulationOutcome, timeline: Timeline, unit: Unit): Tip {
  return { head: bar.operation.name, place: `rank ${count(bar.rank)}, ${laneNames[bar.operation.lane]}`, rows: pairs(factsOf(bar, outcome, timeline, unit)), foot: "Enter or a click: the operation below" };
}

export function tipOfPiece({ bars, start_s, end_s, shares }: Piece, unit: Unit): Tip {
  const [first, last] = [bars[0], bars.at(-1)];
  return {
    head: `${bars.length} operations`, place: first ? `rank ${count(first.rank)}, ${laneNames[first.operation.lane]}` : "",
    rows: [["from", first?.operation.name ?? ""], ["to", last?.operation.name ?? ""], ["starts", showMoment(start_s, unit)], ["takes", show(end_s - start_s, "time")], ...shares.map(([category, share]) => [categoryNames[category], percent(share, 2)] as const)],
    foot: "Too narrow to be told apart: zoom in",
  };
}

export function tipOfGap({ start_s, end_s, why }: Gap, unit: Unit): Tip {
  return { head: `Idle ${show(end_s - start_s, "time")}`, rows: [["from", showMoment(start_s, unit)], ["to", showMoment(end_s, unit)]], text: `The compute stream ${why}.` };
}

export const barLabel = (bar: Bar, step: Unit): string => `${bar.operation.name}, starts ${showMoment(bar.operation.start_s, step)}, takes ${showIn(workOf(bar), step)}${bar.onPath ? ", on the critical path" : ""}`;

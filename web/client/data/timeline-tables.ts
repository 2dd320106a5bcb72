/** Tables of the timeline: operations of the recorded ranks, causes, draws, sums. What is drawn, with all digits. */
import type { Simulation } from "../../../model/simulate/simulation.ts";
import type { SimulationOutcome } from "../timeline/protocol.ts";
import type { Table } from "./table.ts";
import type { Timeline } from "./timeline-lanes.ts";

export function operationsTable(timeline: Timeline, { limits }: Pick<SimulationOutcome, "limits">): Table {
  const bars = timeline.roles.flatMap(({ lanes }) => lanes.flatMap((lane) => lane.bars));
  return {
    name: "operations", caption: "Operations of the recorded ranks",
    columns: [{ name: "rank" }, { name: "lane" }, { name: "operation" }, { name: "ready", unit: "s" }, { name: "begins", unit: "s" }, { name: "ends", unit: "s" }, { name: "work", unit: "FLOP" }, { name: "data", unit: "B" }, { name: "what binds" }, { name: "critical path" }, { name: "slack", unit: "s" }],
    rows: bars.map(({ rank, operation, onPath }) => [rank, operation.lane, operation.name, operation.start_s, operation.begin_s, operation.end_s, operation.flop, operation.bytes, limits[operation.index] ?? "", onPath ? "yes" : "no", operation.slack_s]),
  };
}

export function causesTable({ analytic_s, step_s, causes }: Simulation): Table {
  return {
    name: "difference", caption: "From the analytic step to the simulated one",
    columns: [{ name: "part" }, { name: "time", unit: "s" }, { name: "why" }],
    rows: [["analytic", analytic_s, ""], ...causes.map(({ label, time_s, words }) => [label, time_s, words]), ["simulated, mean of draws", step_s.mean, ""]],
  };
}

export function drawsTable({ draws_s, recorded }: Simulation): Table {
  return { name: "draws", caption: "The step of each draw", columns: [{ name: "draw" }, { name: "step", unit: "s" }, { name: "shown above" }], rows: draws_s.map((step_s, index) => [index + 1, step_s, index + 1 === recorded.draw ? "yes" : "no"]) };
}

export function sumsTable({ collectives, links }: Simulation): Table {
  return {
    name: "sums", caption: "Sums of gradients, and the fullest link of each kind during the largest",
    columns: [{ name: "what" }, { name: "data", unit: "B" }, { name: "number" }, { name: "closed form", unit: "s" }, { name: "simulated", unit: "s" }, { name: "link in use", unit: "%" }],
    rows: [...collectives.map(({ bytes, count, closed_s, simulated_s }) => ["sum", bytes, count, closed_s, simulated_s, null]), ...links.map(({ kind, from, to, links: number, carried_bytes, used }) => [`${kind}: ${from} > ${to}`, carried_bytes, number, null, null, used * 100])],
  };
}

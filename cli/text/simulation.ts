/** A simulated step on one screen: the two interpreters, what lies between them, the collectives and the links that are full. */
import type { Prediction, Simulation } from "../../model/index.ts";
import { showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { writeHead } from "./prediction.ts";
import { showCount, unitFor } from "./quantities.ts";
import { writeTable } from "./table.ts";

export function writeSimulation(prediction: Prediction, simulation: Simulation, look: Look): string {
  const { devices, nodes, seed, placement, analytic_s, step_s, causes, notes, network } = simulation;
  const time = unitFor([analytic_s, step_s.mean], "time");
  const where = network.contends ? `${placement} on the machine's ${showCount(network.links)} links` : "on a network without contention above the ports";
  const rows = [
    { name: "predicted (analytic)", time_s: analytic_s, words: "" },
    ...causes.map(({ label, time_s, words }) => ({ name: `  ${label}`, time_s, words })),
    { name: "simulated (events)", time_s: step_s.mean, words: `${step_s.n} draw${step_s.n === 1 ? "" : "s"} from seed ${seed}: ${time.show(step_s.min)} to ${time.show(step_s.max)} ${time.unit}` },
  ];
  const signed = (value: number, first: boolean) => (first ? time.show(value) : `${value < 0 ? "−" : "+"}${time.show(Math.abs(value))}`);
  return [
    ...writeHead(prediction, look),
    wrap(`${showCount(devices)} GPUs on ${showCount(nodes)} nodes, ${where}`, look.width),
    "",
    writeTable(
      [
        { head: "step", align: "left", cells: rows.map(({ name }) => name) },
        { head: "time", unit: time.unit, cells: rows.map(({ time_s }, index) => signed(time_s, index === 0 || index === rows.length - 1)) },
        { head: "of predicted", unit: "%", cells: rows.map(({ time_s }) => ((time_s / analytic_s) * 100).toFixed(1)) },
      ],
      look,
    ),
    ...rows.filter(({ words }) => words !== "").map(({ name, words }) => dim(wrap(`${name.trim()}: ${words}`, look.width, "  "), look)),
    "",
    ...writeCollectives(simulation, look),
    ...writeLinks(simulation, look),
    ...notes.map((note) => dim(wrap(note, look.width), look)),
  ].join("\n");
}

function writeCollectives({ collectives }: Simulation, look: Look): string[] {
  if (collectives.length === 0) return [];
  const shown = collectives.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  const time = unitFor(shown.flatMap(({ closed_s, simulated_s }) => [closed_s, simulated_s]), "time");
  const left = collectives.length - shown.length;
  return [
    bold("Sums of gradients, the largest first", look),
    writeTable(
      [
        { head: "vector", cells: shown.map(({ bytes }) => showQuantity(bytes, "data")) },
        { head: "in a step", cells: shown.map(({ count }) => showCount(count)) },
        { head: "closed form", unit: time.unit, cells: shown.map(({ closed_s }) => time.show(closed_s)) },
        { head: "simulated", unit: time.unit, cells: shown.map(({ simulated_s }) => time.show(simulated_s)) },
        { head: "difference", unit: "%", cells: shown.map(({ closed_s, simulated_s }) => `${simulated_s < closed_s ? "−" : "+"}${Math.abs((simulated_s / closed_s - 1) * 100).toFixed(1)}`) },
      ],
      look,
    ),
    ...(left > 0 ? [dim(`and ${left} smaller size${left === 1 ? "" : "s"}`, look)] : []),
    "",
  ];
}

function writeLinks({ links }: Simulation, look: Look): string[] {
  if (links.length === 0) return [];
  return [
    bold("The fullest link of each kind during the largest sum", look),
    writeTable(
      [
        { head: "kind", align: "left", cells: links.map(({ kind }) => kind) },
        { head: "links", cells: links.map((one) => showCount(one.links)) },
        { head: "fullest", align: "left", gives: true, cells: links.map(({ from, to }) => `${from} > ${to}`) },
        { head: "carries", cells: links.map(({ carried_bytes }) => showQuantity(carried_bytes, "data")) },
        { head: "in use", unit: "%", cells: links.map(({ used }) => (used * 100).toFixed(1)) },
      ],
      look,
    ),
    "",
  ];
}

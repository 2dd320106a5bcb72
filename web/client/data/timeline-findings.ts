/** Titles of the timeline's panels: sentences made from the simulation, each checked against it. */
import type { Simulation } from "../../../model/simulate/simulation.ts";
import { count, fixed, join, percent, show, type Unit } from "../format.ts";
import type { PathData } from "./timeline-path.ts";
import type { Timeline } from "./timeline-lanes.ts";

/** What the longest part of the path is, or the pause of the compute stream where it is large. */
export function stepFinding(timeline: Timeline, whole: PathData): string {
  const idle_s = whole.rows.find(({ id }) => id === "idle")?.busy_s ?? 0;
  const outside = whole.rows.filter(({ category, path_s }) => path_s > 0 && (category === "comm" || category === "host" || category === "storage"));
  const [largest] = outside.toSorted((a, b) => b.path_s - a.path_s);
  const waiting = timeline.roles.at(-1);
  if (largest && largest.path_s > 0.02 * timeline.step_s) return `${percent(largest.path_s / timeline.step_s, 2)} of the step is ${lower(largest.label)} that nothing hides`;
  if (idle_s > 0.02 * timeline.step_s) return `The slowest rank is idle for ${show(idle_s, "time", 2)} of the step`;
  const idle = waiting && timeline.roles.length > 1 ? idleShare(waiting.lanes, timeline.step_s) : 0;
  if (idle > 0.01) return `Compute sets the step; the fastest rank idles ${percent(idle, 2)} of it`;
  return "Compute sets the step: everything else hides behind it";
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

export function idleShare(lanes: Timeline["roles"][number]["lanes"], step_s: number): number {
  const idle_s = lanes.flatMap(({ gaps }) => gaps).reduce((sum, { start_s, end_s }) => sum + end_s - start_s, 0);
  return idle_s / step_s;
}

const causeNames: Readonly<Record<string, string>> = { network: "the network", devices: "drawn speeds", "slow-node": "the slow node" };

export function causesFinding({ analytic_s, step_s, causes }: Simulation): string {
  const difference = step_s.mean / analytic_s - 1;
  if (Math.abs(difference) < 5e-4) return "Both interpreters say the same";
  const largest = causes.toSorted((a, b) => Math.abs(b.time_s) - Math.abs(a.time_s))[0];
  return `By events the step takes ${longer(difference)}${largest && Math.abs(largest.time_s) > 0.6 * Math.abs(step_s.mean - analytic_s) ? `, mostly ${causeNames[largest.id] ?? lower(largest.label)}` : ""}`;
}

const longer = (change: number): string => `${percent(Math.abs(change), 2)} ${change > 0 ? "longer" : "less"}`;

export function drawsFinding({ step_s: { n, min, max, mean } }: Simulation, unit: Unit, decimals: number): string {
  if (n === 1) return "One draw has no spread: ask for more";
  if (max - min < 1e-6 * mean) return `${count(n)} draws are alike: devices are equal here`;
  return `${count(n)} draws lie between ${fixed(min / unit.scale, decimals)} and ${join(fixed(max / unit.scale, decimals), unit.unit)}`;
}

export function pathFinding({ rows, total_s }: PathData, chosen: boolean): string {
  const [largest] = rows.toSorted((a, b) => b.path_s - a.path_s);
  if (!largest || largest.path_s <= 0) return "Nothing of the step lies in the chosen part";
  const part = `${percent(largest.path_s / total_s, 3)} of the ${chosen ? "chosen part" : "path"}`;
  return `${largest.label} ${/s$|operations/.test(largest.label) ? "are" : "is"} ${part}`;
}

export function sumsFinding({ collectives, links }: Simulation): string {
  const [largest] = collectives;
  if (!largest) return "Nothing is summed over devices";
  const change = largest.simulated_s / largest.closed_s - 1;
  const [link] = links;
  const full = link ? `; ${link.kind} links ${percent(link.used, 2)} in use` : "";
  return Math.abs(change) < 1e-3 ? `The largest sum takes what its closed form says${full}` : `The largest sum takes ${longer(change)} than its closed form${full}`;
}

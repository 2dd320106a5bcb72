/** What a step at one scale is made of: its operations, slowest first, with the time of each and the limit that binds it. From the same program as the prediction. */
import { costAtScale, sharedRatesAt } from "../cost/index.ts";
import { schedule } from "../engine/analytic.ts";
import { waitAt } from "../asynchrony/waiting.ts";
import { prepare } from "../predict/prepare.ts";
import { chooseDevices } from "../predict/devices.ts";
import { kindNames, lanes, passNames } from "../program/types.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { Scenario } from "../scenario.ts";
import { limitOf } from "./limits.ts";
import { sumEquation, type TermEquation } from "./sum-equation.ts";

export interface ExplainedOperation {
  operation: string;
  kind: string;
  lane: string;
  pass: string;
  start_s: number;
  time_s: number;
  flop: number;
  bytes: number;
  rate_flop_per_s: number;
  limit: string;
}

export interface Explanation {
  devices: number;
  step_s: number;
  operations: ExplainedOperation[];
  equations: TermEquation[];
}

export function explain(scenario: Scenario, options: { devices?: number; protocol?: Protocol } = {}): Explanation {
  const devices = chooseDevices(scenario, options.devices === undefined ? undefined : [options.devices]).at(-1) ?? 1;
  const prepared = prepare(scenario, options.protocol ?? "leave-one-series-out");
  const { program, resources, local } = prepared;
  const time_s = costAtScale(program, resources, devices, local);
  const planned = schedule(program, time_s, undefined, waitAt(resources.asynchrony, resources.spread, devices), sharedRatesAt(resources, devices));
  const operations = Array.from({ length: program.count }, (_, index): ExplainedOperation => {
    const time = time_s[index] ?? 0;
    const layer = program.layers[program.layer[index] ?? -1];
    const kind = kindNames[program.kind[index] ?? 0] ?? "";
    return {
      operation: layer?.name ?? kind,
      kind,
      lane: lanes[program.lane[index] ?? 0] ?? "compute",
      pass: passNames[program.pass[index] ?? 0] ?? "",
      start_s: planned.start_s[index] ?? 0,
      time_s: time,
      flop: program.flop[index] ?? 0,
      bytes: program.bytes[index] ?? 0,
      rate_flop_per_s: time > 0 ? (program.flop[index] ?? 0) / time : 0,
      limit: limitOf(prepared, index, devices),
    };
  });
  return { devices, step_s: planned.step_s, operations: operations.toSorted((a, b) => b.time_s - a.time_s), equations: [...equations, sumEquation(resources)] };
}

const equations = [
  { term: "ideal-compute", equation: "t = 2 x multiply-adds x samples / peak", source: "definition" },
  { term: "kernel-inefficiency", equation: "t = min over tiles of waves x tile work / (peak per multiprocessor x ceiling), x stack factor, - ideal", source: "model/compute, fitted to DeepBench" },
  { term: "memory-bound", equation: "t = transfers x elements x bytes per element / (bandwidth x efficiency), and layout copies", source: "traffic table of the stack" },
  { term: "control-plane", equation: "t = tensors x requests at the busiest rank x (message overhead + processing) + answers, less what the schedule hides", source: "Kurth et al. SC18" },
  { term: "input", equation: "max(read, decode, copy) of one batch, less the step it hides behind", source: "steady state of a pipeline" },
  { term: "input", equation: "with a buffer of K batches: cycle = max over j of E max(step, j s q_j / (K + j - 1)), s the slowest stage, q_j the slowest of n K runs of j batches", source: "Clark 1961; Harrison 1985; docs/equations.md" },
  { term: "stragglers", equation: "compute x (E - 1), E = sum over K of P(K slow of n) max(M(n), s M(K)), M(m) = 1 / (1 - sigma x tail x expected maximum of m normal deviates), with jitter at their joint design point", source: "Blom 1958; spread measured on Sunspot; slow devices, nodes and other kinds as the machine document says" },
] as const;

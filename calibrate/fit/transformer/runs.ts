/** Cases of a catalogue -> runs of a fit: documents looked up, the program built once, the prior of every parameter. What cannot be timed is listed with its problems. */
import { makeTransformerHardware } from "../../../model/cost/transformer/hardware.ts";
import { transformerPriors } from "../../../model/cost/transformer/priors.ts";
import { timeProgram } from "../../../model/engine/pipeline/time-step.ts";
import { resultLength } from "../../../model/engine/pipeline/terms.ts";
import { unknownName, type Problem } from "../../../model/problems.ts";
import { buildTransformerProgram } from "../../../model/program/transformer/build.ts";
import { makeTransformerProgram } from "../../../model/program/transformer/columns.ts";
import type { Device } from "../../../model/schema/device.ts";
import type { Machine } from "../../../model/schema/machine.ts";
import type { TransformerStack } from "../../../model/schema/stack-transformer.ts";
import type { CatalogueCase } from "../../readers/catalogue/case.ts";
import type { FitRun } from "./problem.ts";

/** Routing, permutation and dispatch differ by settings that no source states: neighbouring releases differ by 10 to 30 %, those of dense models by 3 %. */
export const denseRun = { noise: 0.05, discrepancy: 0.05 } as const;
export const sparseRun = { noise: 0.06, discrepancy: 0.1 } as const;

export interface FitDocuments {
  readonly devices: Readonly<Record<string, Device>>;
  readonly machines: Readonly<Record<string, Machine>>;
  readonly stacks: Readonly<Record<string, TransformerStack>>;
}

export interface CaseRun {
  readonly case: CatalogueCase;
  readonly run: FitRun;
}

export function makeRuns(cases: readonly CatalogueCase[], documents: FitDocuments): { readonly runs: readonly CaseRun[]; readonly left: ReadonlyArray<{ readonly case: CatalogueCase; readonly problems: readonly Problem[] }> } {
  const runs: CaseRun[] = [];
  const left: Array<{ case: CatalogueCase; problems: readonly Problem[] }> = [];
  for (const one of cases) {
    const made = makeRun(one, documents);
    if ("problems" in made) left.push({ case: one, problems: made.problems });
    else runs.push({ case: one, run: made });
  }
  return { runs, left };
}

function makeRun(one: CatalogueCase, { devices, machines, stacks }: FitDocuments): FitRun | { problems: readonly Problem[] } {
  const device = devices[one.device];
  const machine = machines[one.machine];
  const stack = stacks[one.stack];
  if (device === undefined) return { problems: [unknownName(one.id, "device", one.device, Object.keys(devices))] };
  if (machine === undefined) return { problems: [unknownName(one.id, "machine", one.machine, Object.keys(machines))] };
  if (stack === undefined) return { problems: [unknownName(one.id, "stack", one.stack, Object.keys(stacks))] };
  const { layout, architecture } = one;
  const { hardware, problems } = makeTransformerHardware(device, machine, layout.recipe, one.domain);
  const expected = transformerPriors(device, machine, stack, layout.recipe);
  if (hardware === undefined || expected.problems.length > 0) return { problems: [...problems, ...expected.problems] };
  const program = buildTransformerProgram(architecture, layout, makeTransformerProgram());
  const out = new Float64Array(resultLength);
  const predict = (values: Float64Array): number => timeProgram(program, layout, hardware, values, out)[0]!;
  return { id: one.id, series: one.series, measured_s: one.measured.step_s, ...(one.sparse ? sparseRun : denseRun), priors: expected.priors, predict };
}

/** A transformer's scenario -> what every number of devices shares: sizes of the model, hardware, parameters with what is known of them. */
import { makeTransformerHardware, recipePeaks } from "../../cost/transformer/hardware.ts";
import type { TransformerHardware } from "../../cost/transformer/parameters.ts";
import { combinePosterior, type Posterior } from "../../cost/transformer/posterior.ts";
import { transformerPriors, type TransformerPrior } from "../../cost/transformer/priors.ts";
import type { LayoutMachine } from "../../plan/find-faults.ts";
import { supportOf } from "../../plan/stack-support.ts";
import { InputError, type Problem } from "../../problems.ts";
import type { Protocol } from "../../resolve/parameters.ts";
import type { TransformerScenario } from "../../scenario.ts";
import { corpusOf, type CorpusCalibration } from "../../schema/calibration.ts";
import { recipes } from "../../schema/plan-layout.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import { makeArchitecture } from "../../workload/transformer/make-architecture.ts";

export interface PreparedTransformer {
  readonly scenario: TransformerScenario;
  readonly architecture: Architecture;
  readonly hardware: TransformerHardware;
  readonly machine: LayoutMachine;
  readonly priors: readonly TransformerPrior[];
  readonly posterior: Posterior;
  readonly corpus: CorpusCalibration | undefined;
}

export function prepareTransformer(scenario: TransformerScenario, protocol: Protocol): PreparedTransformer {
  const { device, machine, stack, plan, calibrations } = scenario;
  const made = makeTransformerHardware(device, machine, plan.recipe);
  const expected = transformerPriors(device, machine, stack, plan.recipe);
  const problems: Problem[] = [...made.problems, ...expected.problems];
  if (made.hardware === undefined || problems.length > 0) throw new InputError(problems);
  const corpus = protocol === "cold" ? undefined : corpusOf(calibrations, "transformer");
  return {
    scenario,
    architecture: makeArchitecture(scenario.workload.options),
    hardware: made.hardware,
    machine: { domain: made.hardware.domain, recipes: recipes.filter((recipe) => recipePeaks[recipe].some((name) => device.peaks[name] !== undefined)), supports: supportOf(stack) },
    priors: expected.priors,
    posterior: combinePosterior(expected.priors, corpus),
    corpus,
  };
}

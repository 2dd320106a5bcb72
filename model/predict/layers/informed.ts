/**
 * A scenario of layers with what published runs say of it: where the fit of a catalogue (calibrations/layer-runs) has learned of the stack or its family, values and intervals of
 * the facts that it moves are those after the runs. Estimates of single parameters of a family, where calibration documents hold them, come first and leave the fit out
 * (docs/decisions/0002). Left out: what the fit knows of parameters together, since inputs are moved one by one (0003); values that a user set stay.
 */
import { combinePosterior, type ParameterState } from "../../cost/transformer/posterior.ts";
import { z95, type Protocol } from "../../resolve/parameters.ts";
import { kernelPrecision, type Kernels } from "../../resources.ts";
import type { Scenario } from "../../scenario.ts";
import { corpusOf, isStackCalibration, type CorpusCalibration } from "../../schema/calibration.ts";
import { changedSource, type Fact } from "../../schema/fact.ts";
import { layerParameterNames, layerPriors, type LayerParameter } from "./priors.ts";
import { showQuantity } from "../../units.ts";
import { replaceLayerFacts } from "./timed.ts";

/** Source of facts that the fit moved, in sources.json. */
const fittedSource = "hpc-runs";

/** The fit, where it speaks of a stack and nothing else does. */
export function informingCorpus({ stack, calibrations }: Scenario, protocol: Protocol): CorpusCalibration | undefined {
  if (protocol === "cold" || calibrations.some((one) => isStackCalibration(one) && one.scope.family === stack.family)) return undefined;
  const corpus = corpusOf(calibrations, "layers");
  const speaks = corpus?.effects.some(({ scope }) => scope.split(" ").includes(stack.id) || scope.startsWith(`family ${stack.family}`));
  return speaks ? corpus : undefined;
}

export function informScenario(scenario: Scenario, kernels: Kernels, protocol: Protocol): { readonly scenario: Scenario; readonly kernels: Kernels; readonly corpus: CorpusCalibration | undefined } {
  const corpus = kernels.model.kind === "tiled" ? informingCorpus(scenario, protocol) : undefined;
  if (corpus === undefined) return { scenario, kernels, corpus };
  const states = new Map<LayerParameter, ParameterState<LayerParameter>>(combinePosterior(layerPriors({ scenario, kernels }), corpus).states.map((state) => [state.name, state]));
  const informed = (fact: Fact, name: LayerParameter): Fact => {
    const state = states.get(name);
    if (state === undefined || state.series.length === 0 || fact.source === changedSource) return fact;
    const range = (sign: number): number => state.value * Math.exp(sign * z95 * state.sd);
    return { ...fact, value: state.value, low: range(-1), high: range(1), source: fittedSource, kind: "measured", text: showQuantity(state.value, fact.dimension), note: `fitted to published runs; most of it told by ${state.series.slice(0, 3).join(", ")}` };
  };
  const moved = replaceLayerFacts(scenario, informed);
  // What a device's kernels are off by stands on the stack's factor, which is the one that multiplies them.
  const kernel = states.get(layerParameterNames[0]);
  const precision = kernelPrecision(scenario);
  const factor = informed(scenario.stack.kernels.convolutionFactor[precision], "convolutionFactor");
  const times = kernel !== undefined && factor.source !== changedSource ? kernel.value : 1;
  const { low, high } = factor;
  const convolutionFactor = { ...moved.stack.kernels.convolutionFactor, [precision]: { ...factor, value: factor.value * times, ...(low === undefined || high === undefined ? {} : { low: low * times, high: high * times }) } };
  return {
    scenario: { ...moved, stack: { ...moved.stack, kernels: { ...moved.stack.kernels, convolutionFactor, depthwiseTraffic: informed(scenario.stack.kernels.depthwiseTraffic, "depthwiseTraffic") } } },
    kernels: kernel === undefined ? kernels : { ...kernels, standardError: kernel.sd },
    corpus,
  };
}

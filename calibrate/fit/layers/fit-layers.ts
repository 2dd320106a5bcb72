/**
 * One fit of all runs of layer networks in a catalogue and their predictions by protocol, by the same solver as transformers. Besides the protocols of all catalogues there is
 * the one that scaling studies use: a series is known at its smallest number of devices and predicted above it.
 */
import type { LayerCase, ReadLayerCatalogue } from "../../readers/catalogue-hpc/case.ts";
import { fitRuns, type FittedRuns, type Progress } from "../transformer/fit-catalogue.ts";
import { predictGroups, protocols, type FitProtocol, type Group, type Prediction } from "../transformer/protocols.ts";
import { usual } from "../transformer/solve.ts";
import { makeLayerRuns, type LayerDocuments, type LayerRun, type LayerRuns } from "./runs.ts";

/** Copies of one row are no question of these catalogues: each series is of one site and time. */
export const layerProtocols = protocols.filter((name) => name !== "leave-twins-out");

export interface FittedLayers {
  readonly fitted: FittedRuns<LayerRun>;
  readonly left: LayerRuns["left"];
}

export function fitLayers({ cases }: Pick<ReadLayerCatalogue, "cases">, documents: LayerDocuments, wanted: readonly FitProtocol[] = layerProtocols, progress: Progress = () => {}, mayLearn: (one: LayerCase) => boolean = () => true): FittedLayers {
  const { runs, left } = makeLayerRuns(cases, documents);
  return { fitted: fitRuns(runs, wanted, progress, ({ case: one }) => mayLearn(one)), left };
}

/** From the fit of all runs a few steps are enough. */
const refits = { ...usual, iterations: 8 };

/** What differs inside a series besides its scale: network, precision and settings of the step; the batch may shrink as devices grow. */
export const settingsOf = ({ case: { series, model, plan, stack, machine } }: LayerRun): string => `${series} ${model} ${machine} ${stack} ${plan.precision} ${plan.place}`;

/** Points above the smallest scale of their series, known only at that. */
export function predictFromSmallest({ runs, problem, solution }: FittedRuns<LayerRun>, progress: Progress = () => {}): readonly Prediction[] {
  const groups = new Map<string, number[]>();
  runs.forEach((one, at) => groups.set(settingsOf(one), [...(groups.get(settingsOf(one)) ?? []), at]));
  const larger: Group[] = [...groups.values()].flatMap((members) => {
    const least = Math.min(...members.map((at) => runs[at]!.case.layout.devices));
    const above = members.filter((at) => runs[at]!.case.layout.devices > least);
    return above.length === 0 ? [] : [{ predict: above, leaves: above }];
  });
  return predictGroups(larger, problem, runs, (at) => runs[at]!.case.flags.length === 0, solution, true, (done, of) => progress("smallest known", done, of), refits);
}

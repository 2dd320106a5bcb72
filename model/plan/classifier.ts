/**
 * The last dense layer before the loss where it is not like the others: its classes divided over the devices, each of which then needs the features of all samples, or only
 * a share of the classes trained in a step (Partial FC: An et al. 2021, arXiv:2010.05222, sections 3.1 and 3.3). Left out: choosing and gathering the sampled rows.
 */
import type { DataParallelPlan } from "../schema/plan.ts";
import type { Layer } from "../workload/layer.ts";

/** Index of the dense layer whose output a loss reads, with or without a bias between; -1 where there is none. */
export function findClassifier(layers: readonly Layer[]): number {
  const loss = layers.findLastIndex(({ kind }) => kind === "softmax-loss");
  const before = layers[loss - 1]?.kind === "bias" ? loss - 2 : loss - 1;
  return layers[before]?.kind === "dense" ? before : -1;
}

/** Whether devices divide the classes. */
export const dividesClasses = ({ classifier }: Pick<DataParallelPlan, "classifier">): boolean => classifier?.split === true;

/** The layers as one step trains them: a sampled classifier has so many classes fewer. */
export function layersOfStep(layers: Layer[], { classifier }: Pick<DataParallelPlan, "classifier">): Layer[] {
  const at = findClassifier(layers);
  if (at < 0 || classifier === undefined || classifier.sampled >= 1) return layers;
  const classes = Math.max(1, Math.round((layers[at] as Layer).outChannels * classifier.sampled));
  return layers.map((layer, index) => {
    if (index < at) return layer;
    if (index === at) return { ...layer, outChannels: classes, parameters: [layer.inChannels * classes] };
    return { ...layer, inChannels: classes, outChannels: classes, parameters: layer.parameters.map(() => classes) };
  });
}

/** A network that is given as its list of layers, as importers of model files write it: the rest of each layer is filled in. */
import type { Layer, LayerKind } from "./layer.ts";

interface ListedLayer {
  readonly name: string;
  readonly part?: string | undefined;
  readonly kind: LayerKind;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly inSize: readonly number[];
  readonly outSize: readonly number[];
  readonly kernel?: readonly number[] | undefined;
  readonly stride?: number | undefined;
  readonly dilation?: number | undefined;
  readonly groups?: number | undefined;
  readonly parameters?: readonly number[] | undefined;
  readonly differentiatesInput?: boolean | undefined;
}
export interface LayerListOptions {
  readonly layers?: readonly ListedLayer[] | undefined;
}

/** The smallest network there is: a document always brings its own. */
const single: readonly ListedLayer[] = [{ name: "dense", kind: "dense", inChannels: 1, outChannels: 1, inSize: [1], outSize: [1], parameters: [1], differentiatesInput: false }];

export const buildLayerList = ({ layers = single }: LayerListOptions = {}): Layer[] =>
  layers.map(({ part = "network", kernel, stride = 1, dilation = 1, groups = 1, parameters = [], differentiatesInput = true, ...rest }) => ({
    ...rest, part, kernel: kernel ?? rest.outSize.map(() => 1), stride, dilation, groups, parameters, differentiatesInput,
  }));

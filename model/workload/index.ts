/**
 * The networks that can be named in a workload document. A new family is a file and its line here.
 * `sizeMultiple`: every edge of the input must be a multiple of it, or the way up does not meet the way down; for a transformer its width, by its heads.
 */
import { buildAlexnet, type AlexnetOptions } from "./alexnet.ts";
import { buildCosmoflow, publishedCosmoflow, type CosmoflowOptions } from "./cosmoflow.ts";
import { buildDeepcam, type DeepcamOptions } from "./deepcam.ts";
import { buildDeeplabv3plus, type Deeplabv3plusOptions } from "./deeplabv3plus.ts";
import { buildFace, type FaceOptions } from "./face.ts";
import { buildFfn, type FfnOptions } from "./ffn.ts";
import { buildGpt, publishedGpt, type GptOptions } from "./gpt.ts";
import { buildInception3, type Inception3Options } from "./inception3.ts";
import { buildLayerList, type LayerListOptions } from "./layer-list.ts";
import type { Layer } from "./layer.ts";
import { buildLenet5, type Lenet5Options } from "./lenet5.ts";
import { buildMlp, type MlpOptions } from "./mlp.ts";
import { buildResnet, type ResnetOptions } from "./resnet.ts";
import { buildResnet50, type Resnet50Options } from "./resnet50.ts";
import { buildSmallResnet, type SmallResnetOptions } from "./small-resnet.ts";
import { buildTiramisu, publishedTiramisu, type TiramisuOptions } from "./tiramisu.ts";
import { buildUnet, publishedUnet, type UnetOptions } from "./unet.ts";
import { buildUno, type UnoOptions } from "./uno.ts";
import { buildUresnet, publishedUresnet, type UresnetOptions } from "./uresnet.ts";
import { buildVgg, type VggOptions } from "./vgg.ts";

export interface FamilyOptions {
  readonly deeplabv3plus: Deeplabv3plusOptions;
  readonly tiramisu: TiramisuOptions;
  readonly deepcam: DeepcamOptions;
  readonly resnet50: Resnet50Options;
  readonly inception3: Inception3Options;
  readonly resnet: ResnetOptions;
  readonly lenet5: Lenet5Options;
  readonly alexnet: AlexnetOptions;
  readonly vgg: VggOptions;
  readonly cosmoflow: CosmoflowOptions;
  readonly "small-resnet": SmallResnetOptions;
  readonly unet: UnetOptions;
  readonly uresnet: UresnetOptions;
  readonly face: FaceOptions;
  readonly ffn: FfnOptions;
  readonly uno: UnoOptions;
  readonly gpt: GptOptions;
  readonly mlp: MlpOptions;
  readonly layers: LayerListOptions;
}
export type FamilyId = keyof FamilyOptions;

export interface Family<Options> {
  readonly id: FamilyId;
  readonly title: string;
  readonly build: (options?: Options) => Layer[];
  readonly sizeMultiple: (options?: Options) => number;
}

export const families: { readonly [Id in FamilyId]: Family<FamilyOptions[Id]> } = {
  deeplabv3plus: { id: "deeplabv3plus", title: "DeepLabv3+ (climate, 2018)", build: buildDeeplabv3plus, sizeMultiple: () => 8 },
  tiramisu: {
    id: "tiramisu",
    title: "Tiramisu (climate, 2018)",
    build: buildTiramisu,
    sizeMultiple: ({ blocks = publishedTiramisu.blocks } = {}) => 2 ** (blocks.length - 1),
  },
  deepcam: { id: "deepcam", title: "DeepCAM (MLPerf HPC)", build: buildDeepcam, sizeMultiple: () => 16 },
  resnet50: { id: "resnet50", title: "ResNet-50 v1.5", build: buildResnet50, sizeMultiple: () => 1 },
  inception3: { id: "inception3", title: "Inception V3", build: buildInception3, sizeMultiple: () => 1 },
  resnet: { id: "resnet", title: "ResNet", build: buildResnet, sizeMultiple: () => 1 },
  lenet5: { id: "lenet5", title: "LeNet-5", build: buildLenet5, sizeMultiple: () => 1 },
  alexnet: { id: "alexnet", title: "AlexNet", build: buildAlexnet, sizeMultiple: () => 1 },
  vgg: { id: "vgg", title: "VGG", build: buildVgg, sizeMultiple: ({ units = [1, 1, 1, 1, 1], poolStride = 2 } = {}) => poolStride ** units.length },
  cosmoflow: {
    id: "cosmoflow",
    title: "CosmoFlow (MLPerf HPC)",
    build: buildCosmoflow,
    sizeMultiple: ({ convolutions = publishedCosmoflow.convolutions } = {}) => 2 ** convolutions,
  },
  "small-resnet": { id: "small-resnet", title: "Small ResNet", build: buildSmallResnet, sizeMultiple: () => 1 },
  unet: { id: "unet", title: "U-Net", build: buildUnet, sizeMultiple: ({ depth = publishedUnet.depth } = {}) => 2 ** depth },
  uresnet: { id: "uresnet", title: "U-ResNet (CosmicTagger)", build: buildUresnet, sizeMultiple: ({ depth = publishedUresnet.depth } = {}) => 2 ** depth },
  face: { id: "face", title: "Face recognition (ArcFace)", build: buildFace, sizeMultiple: () => 16 },
  ffn: { id: "ffn", title: "Flood-filling network", build: buildFfn, sizeMultiple: () => 1 },
  uno: { id: "uno", title: "Uno (CANDLE)", build: buildUno, sizeMultiple: () => 1 },
  gpt: { id: "gpt", title: "GPT", build: buildGpt, sizeMultiple: ({ heads = publishedGpt.heads } = {}) => heads },
  mlp: { id: "mlp", title: "Multi-layer perceptron", build: buildMlp, sizeMultiple: () => 1 },
  layers: { id: "layers", title: "List of layers", build: buildLayerList, sizeMultiple: () => 1 },
};

export type { AlexnetOptions, CosmoflowOptions, DeepcamOptions, Deeplabv3plusOptions, FaceOptions, FfnOptions, GptOptions, Inception3Options, LayerListOptions, Lenet5Options, MlpOptions, Resnet50Options, ResnetOptions, SmallResnetOptions, TiramisuOptions, UnetOptions, UnoOptions, UresnetOptions, VggOptions };
export type { Layer, LayerKind } from "./layer.ts";

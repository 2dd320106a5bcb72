/** LeNet-5, AlexNet, VGG-16 and ResNets to the unit, beside published counts; and the variants that MagmaDNN 1.2 trains. */
import { describe, expect, it } from "vitest";
import { families } from "../../../model/workload/index.ts";
import { countFlop } from "../../../model/workload/flop.ts";
import { countParameters } from "../../../model/workload/totals.ts";
import type { Layer } from "../../../model/workload/layer.ts";

/** Multiply-adds of one forward pass. */
const multiplyAdds = (layers: readonly Layer[]) => countFlop(layers, "algorithmic") / 6;

describe("networks with published counts", () => {
  // Parameters: model zoo of torchvision; LeNet-5: 61,706 with all connections of its second convolution. Multiply-adds: products of the layers' sizes by hand for the
  // first three, and for ResNets those that counting tools print for torchvision's networks (1.814, 3.664, 4.089, 7.801 and 11.51 G).
  it.each([
    ["LeNet-5", families.lenet5.build(), 61_706, 28 * 28 * 25 * 6 + 10 * 10 * 25 * 6 * 16 + 400 * 120 + 120 * 84 + 84 * 10],
    ["AlexNet", families.alexnet.build(), 61_100_840, 714_188_480],
    ["VGG-16", families.vgg.build(), 138_357_544, 15_470_264_320],
    ["VGG-19", families.vgg.build({ units: [2, 2, 4, 4, 4] }), 143_667_240, 19_632_062_464],
    ["ResNet-18", families.resnet.build({ depth: 18 }), 11_689_512, 1_814_073_344],
    ["ResNet-34", families.resnet.build({ depth: 34 }), 21_797_672, 3_663_761_408],
    ["ResNet-50", families.resnet.build({ depth: 50 }), 25_557_032, 4_089_184_256],
    ["ResNet-101", families.resnet.build({ depth: 101 }), 44_549_160, 7_801_405_440],
    ["ResNet-152", families.resnet.build({ depth: 152 }), 60_192_808, 11_513_626_624],
  ])("%s", (_, layers, parameters, products) => {
    expect(countParameters(layers)).toBe(parameters);
    expect(multiplyAdds(layers)).toBe(products);
  });

  it("ResNet-50 is the same network as the family of its own", () => {
    const sorted = (layers: readonly Layer[]) => layers.map(({ kind, inChannels, outChannels, outSize, parameters }) => JSON.stringify([kind, inChannels, outChannels, outSize, parameters])).toSorted();
    expect(sorted(families.resnet.build({ depth: 50 }))).toEqual(sorted(families.resnet50.build()));
  });
});

describe("as MagmaDNN 1.2 builds them", () => {
  it("LeNet-5 has 32 filters in both convolutions and no padding: 24 to 12 to 8 to 4", () => {
    const layers = families.lenet5.build({ filters: [32, 32], firstPadding: "valid", biases: "hidden-dense" });
    expect(layers.filter(({ kind }) => kind === "convolution").map(({ outSize }) => outSize[0])).toEqual([24, 8]);
    expect(countParameters(layers)).toBe(25 * 32 + 25 * 32 * 32 + (512 * 120 + 120) + (120 * 84 + 84) + 84 * 10);
  });

  it("AlexNet has 384 filters in its fourth convolution", () => {
    const layers = families.alexnet.build({ filters: [64, 192, 384, 384, 256], biases: "hidden-dense" });
    expect(countParameters(layers)).toBe(121 * 3 * 64 + 25 * 64 * 192 + 9 * 192 * 384 + 9 * 384 * 384 + 9 * 384 * 256 + (9216 * 4096 + 4096) + (4096 * 4096 + 4096) + 4096 * 1000);
  });

  it("VGG-16 on CIFAR-10 has one dense layer of 512 over 27 x 27, as its pools take one pixel off each", () => {
    const layers = families.vgg.build({ height: 32, width: 32, classes: 10, dense: [512], biases: "none", poolStride: 1 });
    const convolutions = [3 * 64, 64 * 64, 64 * 128, 128 * 128, 128 * 256, 256 * 256, 256 * 256, 256 * 512, 512 * 512, 512 * 512, 512 * 512, 512 * 512, 512 * 512].reduce((sum, one) => sum + 9 * one, 0);
    expect(countParameters(layers)).toBe(convolutions + 27 * 27 * 512 * 512 + 512 * 10);
  });
});

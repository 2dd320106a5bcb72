import { expect, test } from "vitest";
import { createGraph } from "../../../model/workload/graph.ts";

test("same and valid padding", () => {
  const graph = createGraph(3, [11, 8]);
  expect(graph.conv("a", graph.sample, { channels: 4, kernel: 3, stride: 2 }).size).toEqual([6, 4]);
  expect(graph.conv("b", graph.sample, { channels: 4, kernel: 3, stride: 2, padding: "valid" }).size).toEqual([5, 3]);
  expect(graph.conv("c", graph.sample, { channels: 4, kernel: 3, dilation: 2, padding: "valid" }).size).toEqual([7, 4]);
  expect(graph.maxPool("d", graph.sample, { kernel: 2, stride: 2, padding: "valid" }).size).toEqual([5, 4]);
  expect(graph.transposedConv("e", graph.sample, { channels: 4, kernel: 3, stride: 2 }).size).toEqual([22, 16]);
});

test("a filter has as many taps along every spatial dimension of its input", () => {
  const graph = createGraph(4, [8, 8, 8]);
  graph.conv("a", graph.sample, { channels: 32, kernel: 3 });
  expect(graph.list()[0]).toMatchObject({ kernel: [3, 3, 3], parameters: [27 * 4 * 32], groups: 1 });
  graph.depthwise("b", graph.sample, { kernel: 3 });
  expect(graph.list()[1]).toMatchObject({ parameters: [27 * 4], groups: 4, outChannels: 4 });
});

test("the raw sample needs no gradient, what follows a trainable layer does", () => {
  const graph = createGraph(3, [8, 8]);
  const doubled = graph.concatenate("join", [graph.scale("halve", graph.sample), graph.sample]);
  expect(doubled).toMatchObject({ channels: 6, needsGradient: false });
  const features = graph.conv("conv", doubled, { channels: 6, kernel: 1 });
  expect(graph.add("add", [doubled, features]).needsGradient).toBe(true);
  expect(graph.list().map(({ differentiatesInput }) => differentiatesInput)).toEqual([false, false, false, true]);
});

test("refuses a second layer of the same name, inputs that do not fit and empty outputs", () => {
  const graph = createGraph(3, [8, 8]);
  graph.activation("relu", graph.sample);
  expect(() => graph.activation("relu", graph.sample)).toThrow(/relu/);
  const half = graph.maxPool("pool", graph.sample, { kernel: 2, stride: 2 });
  expect(() => graph.add("sum", [graph.sample, half])).toThrow(/sum/);
  expect(() => graph.concatenate("join", [graph.sample, half])).toThrow(/8 x 8 with 4 x 4/);
  expect(() => graph.add("channels", [graph.sample, graph.conv("wide", graph.sample, { channels: 5, kernel: 1 })])).toThrow(/channel/);
  expect(() => graph.conv("large", graph.sample, { channels: 5, kernel: 9, padding: "valid" })).toThrow(/large/);
});

test("parts are those entered last", () => {
  const graph = createGraph(3, [8, 8]);
  graph.enter("encoder");
  const inner = graph.bias("a", graph.sample);
  graph.enter("decoder");
  graph.softmaxLoss("b", inner);
  expect(graph.list().map(({ part }) => part)).toEqual(["encoder", "decoder"]);
});

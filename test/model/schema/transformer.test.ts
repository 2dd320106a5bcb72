/** Options of transformer workloads: what parses, and that everything wrong is told at once with the nearest valid choice. */
import { describe, expect, it } from "vitest";
import { showProblem } from "../../../model/problems.ts";
import { parseDocument } from "../../../model/schema/parse.ts";

const small = { hidden: 64, layers: 2, heads: 4, inner: 256, gated: false, normalisation: "layer", biases: "all", vocabulary: 100, sequence: 32 };
const check = (options: object) => parseDocument("workload", { id: "small", title: "Small", family: "transformer", options }, "workloads/small").problems;
const without = (...keys: string[]) => Object.fromEntries(Object.entries(small).filter(([key]) => !keys.includes(key)));

const wrong: [what: string, options: object, path: string, expected: RegExp, hint?: RegExp][] = [
  ["heads that do not divide hidden", { ...small, heads: 5 }, "heads", /divisor of hidden, 64/, /4 is the nearest/],
  ["key-value heads that do not divide heads", { ...small, keyValueHeads: 3 }, "keyValueHeads", /divisor of heads, 4/, /2 is the nearest/],
  ["latent attention without a head size", { ...small, latentAttention: { keyValueRank: 8, rotaryHeadSize: 4, valueHeadSize: 8 } }, "headSize", /latent/],
  ["latent attention with grouped heads", { ...small, headSize: 8, keyValueHeads: 2, latentAttention: { keyValueRank: 8, rotaryHeadSize: 4, valueHeadSize: 8 } }, "keyValueHeads", /or 4/],
  ["more experts per token than there are", { ...small, experts: { count: 4, topK: 5, inner: 8 } }, "experts.topK", /at most the experts, 4/],
  ["only dense layers beside experts", { ...small, experts: { count: 4, topK: 1, inner: 8, firstDense: 2 } }, "experts.firstDense", /fewer than the layers, 2/],
  ["experts in no layer", { ...small, experts: { count: 4, topK: 1, inner: 8, every: 3 } }, "experts.every", /at most .* 2/],
  ["a gate of shared experts that are not there", { ...small, experts: { count: 4, topK: 1, inner: 8, sharedGate: true } }, "experts.sharedGate", /sharedInner is 0/],
  ["dense layers without an inner size", { ...without("inner"), experts: { count: 4, topK: 1, inner: 8, firstDense: 1 } }, "inner", /no experts/],
  ["no inner size at all", without("inner"), "inner", /inner channels/],
  ["more mixers than layers", { ...small, stateSpace: { layers: 2, feedForwardLayers: 1, inner: 8, state: 4, groups: 1, headSize: 4 } }, "stateSpace.layers", /at most 1/],
  ["state-space heads that do not divide", { ...small, stateSpace: { layers: 1, inner: 8, state: 4, groups: 1, headSize: 3 } }, "stateSpace.headSize", /divisor of inner, 8/, /2 is the nearest/],
  ["groups that do not divide their heads", { ...small, stateSpace: { layers: 1, inner: 8, state: 4, groups: 3, headSize: 2 } }, "stateSpace.groups", /divisor of the heads, 4/],
  ["a window's period above the layers", { ...small, window: { tokens: 8, fullEvery: 3 } }, "window.fullEvery", /at most the layers, 2/],
  ["no vocabulary", without("vocabulary"), "vocabulary", /rows/],
  ["no sequence", without("sequence"), "sequence", /tokens/],
  ["more predicted tokens than there are", { ...without(), sequence: 64, predictedTokens: 65 }, "predictedTokens", /at most the tokens of a sequence, 64/],
  ["words in a model of images", { ...without("sequence"), image: { size: 32, patch: 8, classes: 10 } }, "vocabulary", /nothing/],
  ["patches that do not fill the image", { ...without("vocabulary", "sequence"), image: { size: 32, patch: 7, classes: 10 } }, "image.patch", /divisor of size, 32/, /8 is the nearest/],
  ["another number of tokens than of patches", { ...without("vocabulary"), image: { size: 32, patch: 8, classes: 10 } }, "sequence", /or 17/],
  ["an unknown key", { ...small, expert: {} }, "expert", /one of/, /"experts"/],
  ["an unknown normalisation", { ...small, normalisation: "rsm" }, "normalisation", /layer, rms/, /"rms"/],
];

describe("options of a transformer", () => {
  it("take a small one, and one of images", () => {
    expect(check(small).map(showProblem)).toEqual([]);
    expect(check({ ...without("vocabulary", "sequence"), image: { size: 32, patch: 8, classes: 10 } }).map(showProblem)).toEqual([]);
  });

  it.each(wrong)("refuse %s", (_what, options, path, expected, hint) => {
    const problems = check(options);
    expect(problems).toEqual([expect.objectContaining({ path: `workloads/small: options.${path}`, expected: expect.stringMatching(expected) })]);
    if (hint) expect(problems[0]?.hint).toMatch(hint);
  });

  it("tell everything at once, also where single keys are wrong", () => {
    const problems = check({ ...small, heads: 5, normalisation: "none", gated: "yes", experts: { count: 4, topK: 5, inner: -1 } });
    expect(problems.map(({ path }) => path.replace(/.*options\./, "")).toSorted()).toEqual(["experts.inner", "experts.topK", "gated", "heads", "normalisation"]);
  });
});

/** What no single key of a transformer's options can tell: sizes that do not divide, counts above what they are taken from, keys that need each other. */
import { missingKey, wrongValue, type Problem } from "../problems.ts";

export type PlacedProblem = Omit<Problem, "path"> & { readonly at: readonly string[] };
type Group = { readonly [key: string]: unknown };

/** Runs also where single keys are wrong, so that every problem is told at once: a key that is no number is left to its own message. */
export function checkTransformer(options: object): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  const all = options as Group;
  const checks: Check = {
    number: (path) => numberAt(all, path),
    has: (path) => valueAt(all, path) !== undefined,
    wrong: (path, expected, hint) => problems.push(place(path, wrongValue("", valueAt(all, path), expected, hint))),
    missing: (path, expected) => problems.push(place(path, missingKey("", expected))),
  };
  for (const part of [checkHeads, checkExperts, checkStateSpace, checkFeedForward, checkImage]) part(checks);
  return problems;
}

interface Check {
  readonly number: (path: string) => number | undefined;
  readonly has: (path: string) => boolean;
  readonly wrong: (path: string, expected: string, hint?: string) => void;
  readonly missing: (path: string, expected: string) => void;
}

function checkHeads({ number, has, wrong, missing }: Check): void {
  const [hidden, heads, keyValueHeads] = [number("hidden"), number("heads"), number("keyValueHeads")];
  if (has("latentAttention")) {
    if (!has("headSize")) missing("headSize", "a whole number: channels of a head without the rotary ones, with latent attention");
    if (keyValueHeads !== undefined && keyValueHeads !== heads) wrong("keyValueHeads", `nothing, or ${heads}: with latent attention every head has a key and a value`);
  } else if (heads !== undefined && keyValueHeads !== undefined && heads % keyValueHeads !== 0) wrong("keyValueHeads", `a divisor of heads, ${heads}`, `${nearestDivisor(heads, keyValueHeads)} is the nearest`);
  if (hidden !== undefined && heads !== undefined && !has("headSize") && !has("latentAttention") && hidden % heads !== 0) {
    wrong("heads", `a divisor of hidden, ${hidden}, or headSize besides`, `${nearestDivisor(hidden, heads)} is the nearest divisor`);
  }
  const [layers, fullEvery] = [number("layers"), number("window.fullEvery")];
  if (layers !== undefined && fullEvery !== undefined && fullEvery > layers) wrong("window.fullEvery", `at most the layers, ${layers}`);
}

function checkExperts({ number, has, wrong }: Check): void {
  const [count, topK, layers, firstDense, every] = [number("experts.count"), number("experts.topK"), number("layers"), number("experts.firstDense") ?? 0, number("experts.every") ?? 1];
  if (count !== undefined && topK !== undefined && topK > count) wrong("experts.topK", `at most the experts, ${count}`);
  if (layers !== undefined && firstDense >= layers) wrong("experts.firstDense", `fewer than the layers, ${layers}`);
  else if (layers !== undefined && every > layers - firstDense) wrong("experts.every", `at most the layers after firstDense, ${layers - firstDense}`);
  if (has("experts.sharedGate") && number("experts.sharedInner") === 0 && number("experts.sharedGate") === 1) wrong("experts.sharedGate", "false, where sharedInner is 0");
}

function checkStateSpace({ number, wrong }: Check): void {
  const [layers, mixers, alone] = [number("layers"), number("stateSpace.layers"), number("stateSpace.feedForwardLayers") ?? 0];
  if (layers !== undefined && mixers !== undefined && mixers + alone > layers) wrong("stateSpace.layers", `at most ${Math.max(0, layers - alone)}: of ${layers} layers ${alone} are a feed-forward part alone`);
  const [inner, headSize, groups] = [number("stateSpace.inner"), number("stateSpace.headSize"), number("stateSpace.groups")];
  if (inner === undefined || headSize === undefined) return;
  if (inner % headSize !== 0) wrong("stateSpace.headSize", `a divisor of inner, ${inner}`, `${nearestDivisor(inner, headSize)} is the nearest`);
  else if (groups !== undefined && (inner / headSize) % groups !== 0) wrong("stateSpace.groups", `a divisor of the heads, ${inner / headSize}`, `${nearestDivisor(inner / headSize, groups)} is the nearest`);
}

function checkFeedForward({ number, has, missing }: Check): void {
  const dense = !has("experts") || (number("experts.firstDense") ?? 0) > 0 || (number("experts.every") ?? 1) > 1;
  if (!has("inner") && dense) missing("inner", "a whole number: inner channels of the layers that have no experts");
}

function checkImage({ number, has, wrong, missing }: Check): void {
  if (!has("image")) {
    if (!has("vocabulary")) missing("vocabulary", "a whole number: rows of the embedding");
    const [predicted, length] = [number("predictedTokens"), number("sequence")];
    if (predicted !== undefined && length !== undefined && predicted > length) wrong("predictedTokens", `at most the tokens of a sequence, ${length}`);
    if (!has("sequence")) missing("sequence", "a whole number: tokens of a sequence");
    return;
  }
  const [size, patch, sequence] = [number("image.size"), number("image.patch"), number("sequence")];
  if (has("vocabulary")) wrong("vocabulary", "nothing, where the model reads images");
  for (const key of ["encoderLayers", "extraPredictions", "learnedPositions", "segments", "pooledClasses", "predictedTokens"]) if ((number(key) ?? 0) > 0) wrong(key, "0, where the model reads images");
  if (size === undefined || patch === undefined) return;
  if (size % patch !== 0) wrong("image.patch", `a divisor of size, ${size}`, `${nearestDivisor(size, patch)} is the nearest`);
  else if (sequence !== undefined && sequence !== (size / patch) ** 2 + 1) wrong("sequence", `nothing, or ${(size / patch) ** 2 + 1}: the patches and one token for the class`);
}

/** 1 and 0 stand for true and false. */
function numberAt(options: Group, path: string): number | undefined {
  const value = valueAt(options, path);
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function valueAt(options: Group, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Group)[key] : undefined), options);
}

function place(path: string, problem: Problem): PlacedProblem {
  const { path: _empty, ...rest } = problem;
  return { ...rest, at: path.split(".") };
}

function nearestDivisor(whole: number, wanted: number): number {
  for (let distance = 0; distance < whole; distance++) {
    for (const candidate of [wanted - distance, wanted + distance]) if (candidate >= 1 && whole % candidate === 0) return candidate;
  }
  return 1;
}

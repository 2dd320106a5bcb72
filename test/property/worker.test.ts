/** A prediction is a pure function of plain data: in a worker thread, from a clone of the library, it gives the same numbers. */
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import type { SafePrediction } from "../../model/predict/predict-safely.ts";
import { library, predictRun } from "../support/library.ts";

const runs = ["summit-deeplabv3plus-fp16-2018", "piz-daint-tiramisu-2018", "selene-deepcam-2022"];

/** Where two trees of plain data differ: by more than 1e-12 relative in a number, at all in anything else. */
function differences(a: unknown, b: unknown, path = "$"): string[] {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)) ? [] : [`${path}: ${a} and ${b}`];
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b ? [] : [`${path}: ${String(a)} and ${String(b)}`];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`));
}

it("a worker thread predicts the same", async () => {
  const plain = JSON.parse(JSON.stringify(library)) as typeof library;
  const answers = await new Promise<SafePrediction[]>((resolve, reject) => {
    const worker = new Worker(new URL("../support/predict-worker.mjs", import.meta.url), { workerData: { library: plain, runs } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  expect(answers).toHaveLength(runs.length);
  runs.forEach((run, index) => expect(differences(answers[index]?.prediction, predictRun(run))).toEqual([]));
});

it("differences finds one in a number, a text, a key", () => {
  expect(differences({ a: [1, { b: "x" }] }, { a: [1 + 1e-9, { b: "y" }], c: 1 })).toHaveLength(3);
  expect(differences({ a: 1 }, { a: 1 + 1e-15 })).toEqual([]);
});

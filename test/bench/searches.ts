/** Searches of plans: every valid layout of a dense GPT on A100, whatever degrees, micro-batch, schedule, sharding and recomputation. */
import { unlimited } from "../../model/plan/stack-support.ts";
import type { SearchProblem } from "../../model/search/problem.ts";
import { search } from "../../model/search/search.ts";
import type { Architecture } from "../../model/workload/transformer/architecture.ts";
import { choicesOf } from "../support/architectures.ts";
import { memoryStack } from "../support/memory.ts";
import { a100, valuesOf } from "../support/transformers.ts";

/** A work that finds the five best plans of a step with so many sequences. */
export function makeSearch(architecture: Architecture, devices: number, globalBatch: number): () => number {
  const problem: SearchProblem = {
    architecture, base: choicesOf({ globalBatch, recipe: "fp16" }), axes: {}, devices: [devices], recipes: [{ recipe: "fp16", hardware: a100, values: valuesOf() }], memory: memoryStack("megatron-2022"), supports: unlimited, objective: "time", top: 5,
  };
  return () => (search(problem).state.best.length === 5 ? 1 : 0);
}

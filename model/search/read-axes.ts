/** Words such as "tensor=8" -> values of an axis, with every problem; and what a plan document fixes. A key that comes again adds a value. */
import { unknownName, wrongValue, type Problem } from "../problems.ts";
import type { LayoutPlan } from "../schema/plan-layout.ts";
import { contextSchemes, pipelineSchedules, recomputes, shardings } from "../schema/plan-layout.ts";
import type { SearchAxes, SearchAxis } from "./problem.ts";

type Kind = "number" | "share" | "flag" | readonly string[];

const kinds: Readonly<Record<SearchAxis, Kind>> = {
  tensor: "number", context: "number", pipeline: "number", data: "number", virtualStages: "number", expert: "number", expertTensor: "number", microBatch: "number", recomputedLayers: "number",
  sequenceParallel: "flag", schedule: pipelineSchedules, sharding: shardings, recompute: recomputes, reshardAfterForward: "flag", contextScheme: contextSchemes, attentionKernel: ["flash", "unfused"], offloadOptimizer: "share", offloadActivations: "share",
};
export const searchAxes = Object.keys(kinds) as SearchAxis[];

export const isAxis = (key: string): key is SearchAxis => Object.hasOwn(kinds, key);

/** `path` begins every problem, such as "--fix". */
export function readAxes(words: readonly string[], path: string): { readonly axes: SearchAxes; readonly problems: readonly Problem[] } {
  const axes: Partial<Record<SearchAxis, unknown[]>> = {};
  const problems: Problem[] = [];
  for (const word of words) {
    const [key = "", value, ...more] = word.split("=").map((part) => part.trim());
    if (value === undefined || value === "" || more.length > 0) problems.push(wrongValue(path, word, "KEY=VALUE, such as tensor=8"));
    else if (!isAxis(key)) problems.push(unknownName(path, "choice of a search", key, searchAxes));
    else {
      const read = readValue(kinds[key], value, `${path} ${key}`);
      if (read.problem) problems.push(read.problem);
      else axes[key] = [...(axes[key] ?? []), read.value];
    }
  }
  return { axes: axes as SearchAxes, problems };
}

function readValue(kind: Kind, text: string, path: string): { readonly value?: unknown; readonly problem?: Problem } {
  if (kind === "flag") return text === "true" || text === "false" ? { value: text === "true" } : { problem: wrongValue(path, text, "true or false") };
  if (kind === "number") return /^[1-9]\d{0,6}$/.test(text) ? { value: Number(text) } : { problem: wrongValue(path, text, "a whole number above zero") };
  if (kind === "share") return /^(0|1|0?\.\d+)$/.test(text) ? { value: Number(text) } : { problem: wrongValue(path, text, "a share from 0 to 1") };
  return kind.includes(text) ? { value: text } : { problem: unknownName(path, "value", text, kind) };
}

/** Axes at the values of a plan, for the keys that are written in its document. */
export function axesOfPlan(plan: LayoutPlan, written: readonly string[]): SearchAxes {
  const entries = written.filter((key): key is Exclude<SearchAxis, "data" | "offloadOptimizer" | "offloadActivations"> => isAxis(key) && Object.hasOwn(plan, key)).map((key) => [key, [plan[key as keyof LayoutPlan]]] as const);
  return Object.fromEntries(entries) as SearchAxes;
}

/**
 * What a user left out of a transformer's selection: the plan (a published one of that model, else one that is found here) and the stack (that of the plan, else the generic
 * one). Every choice made for the user is told. A plan that is found joins the library under the id "suggested".
 */
import { InputError, unknownName, type Problem } from "../problems.ts";
import { resolveTransformer } from "../resolve/resolve.ts";
import type { Changes, Library, Selection } from "../scenario.ts";
import { starterPlan, suggestedPlan, suggestPlan } from "./suggest-plan.ts";

export { suggestedPlan };

export interface TransformerNames {
  readonly machine: string;
  readonly workload: string;
  readonly plan?: string | undefined;
  readonly stack?: string | undefined;
  readonly changes?: Changes;
}

export type Completed =
  | { readonly library: Library; readonly selection: Exclude<Selection, { run: string }>; readonly devices: number | null; readonly notes: readonly string[]; readonly problems: readonly [] }
  | { readonly library?: undefined; readonly problems: readonly Problem[] };

export const genericStack = "transformer-generic";

interface MadeFor {
  readonly workload?: string;
  readonly machine?: string;
  readonly stack?: string;
  readonly devices?: number;
}
const madeForOf = (plan: unknown): MadeFor => ((plan as { madeFor?: MadeFor } | undefined)?.madeFor ?? {});

/** Plans made for a workload, those of the machine first. */
export function plansOf(library: Library, workload: string, machine: string): string[] {
  const all = Object.entries(library.documents.plan).filter(([, plan]) => (plan as { kind?: unknown }).kind === "layout" && madeForOf(plan).workload === workload);
  return all.toSorted(([, a], [, b]) => Number(madeForOf(b).machine === machine) - Number(madeForOf(a).machine === machine)).map(([id]) => id);
}

/** `devices`: the largest number that is asked for, which a plan that is found here must suit. */
export function completeTransformer(library: Library, names: TransformerNames, devices?: number): Completed {
  const { machine, workload, changes = {} } = names;
  const notes: string[] = [];
  const published = names.plan ?? plansOf(library, workload, machine)[0];
  const made = madeForOf(published === undefined ? undefined : library.documents.plan[published]);
  const sameMachine = made.machine === machine;
  const stack = names.stack ?? (sameMachine && made.stack !== undefined ? made.stack : genericStack);
  if (names.plan === undefined && published !== undefined) notes.push(`plan ${published}, made for this model; --plan takes another`);
  if (names.stack === undefined) notes.push(stack === genericStack ? `stack ${stack}, as none is named; --stack takes another` : `stack ${stack}, as the plan ran with; --stack takes another`);
  if (published !== undefined) return { library, selection: { machine, workload, plan: published, stack, changes }, devices: made.devices ?? null, notes, problems: [] };
  if (!Object.hasOwn(library.documents.machine, machine)) return { problems: [unknownName("machine", "machine", machine, Object.keys(library.documents.machine))] };
  return find(library, { machine, workload, stack, changes }, devices, notes);
}

function find(library: Library, names: { readonly machine: string; readonly workload: string; readonly stack: string; readonly changes: Changes }, devices: number | undefined, notes: string[]): Completed {
  const { machine, workload, stack, changes } = names;
  const device = String((library.documents.machine[machine] as { node?: { device?: unknown } }).node?.device);
  const title = String((library.documents.workload[workload] as { title?: unknown } | undefined)?.title ?? workload);
  const peaks = Object.keys((library.documents.device[device] as { peaks?: object } | undefined)?.peaks ?? {});
  const starter = starterPlan(workload, title, peaks.includes("bf16") ? "bf16" : peaks.includes("fp16") ? "fp16" : "fp32");
  const started = withPlan(library, starter);
  // Changes of the plan are the user's to make on what is found; the others say where it must run.
  const others = Object.fromEntries(Object.entries(changes).filter(([path]) => !path.startsWith("plan.") || path === "plan.sequence" || path === "plan.recipe"));
  const { scenario, problems } = resolveTransformer(started, { machine, workload, plan: suggestedPlan, stack, changes: others });
  if (!scenario) return { problems };
  const found = suggestSafely(() => suggestPlan(scenario, starter, devices));
  if (!found.suggestion) return { problems: found.problems };
  const { document, devices: count, layouts } = found.suggestion;
  notes.unshift(`no plan is made for ${workload}: ${describePlan(document)} is the fastest of ${layouts.toLocaleString("en")} layouts on ${count.toLocaleString("en")} devices that fit; --plan or --set plan.KEY=VALUE takes another`);
  return { library: withPlan(library, document), selection: { machine, workload, plan: suggestedPlan, stack, changes }, devices: count, notes, problems: [] };
}

function suggestSafely(suggest: () => ReturnType<typeof suggestPlan>): ReturnType<typeof suggestPlan> {
  try {
    return suggest();
  } catch (error) {
    if (error instanceof InputError) return { problems: error.problems };
    throw error;
  }
}

const describePlan = ({ tensor, pipeline, expert, microBatch, globalBatch, recompute, recipe }: Readonly<Record<string, unknown>>): string =>
  `tensor ${String(tensor)}, pipeline ${String(pipeline)}${expert === 1 ? "" : `, expert ${String(expert)}`}, micro-batch ${String(microBatch)}, global batch ${String(globalBatch)}, recompute ${String(recompute)}, ${String(recipe)}`;

export const withPlan = (library: Library, plan: { readonly id: string }): Library => ({ ...library, documents: { ...library.documents, plan: { ...library.documents.plan, [plan.id]: plan } } });

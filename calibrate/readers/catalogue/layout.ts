/**
 * The layout of a row: its own numbers, then what its framework does where nothing is said (rules), each of those listed. A row whose ranks do not multiply to its
 * devices, or whose batch does not divide, is flagged and not repaired.
 */
import type { Layout, Recipe } from "../../../model/plan/layout.ts";
import type { CatalogueRules } from "../../../model/schema/catalogue-rules.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";
import type { Applied } from "./case.ts";
import type { Launch } from "./launch.ts";
import { firstMeaning, holds, matches, type Row } from "./matching.ts";
import { isStated, numberAt, textAt } from "./record.ts";

export type Framework = CatalogueRules["frameworks"][number];
export type Defaults = CatalogueRules["defaults"];

export interface LayoutFound {
  readonly layout?: Layout;
  readonly domain?: number;
  readonly flags: readonly Applied[];
  readonly assumed: readonly Applied[];
  readonly refused?: Applied;
}

const needed = ["accelerators", "micro_batch", "global_batch"] as const;

const refuse = (rule: string, what: string): LayoutFound => ({ flags: [], assumed: [], refused: { rule, what } });

export function findDefaults(row: Row, rules: CatalogueRules, framework: Framework): Defaults {
  const further = rules.layouts.filter(({ when }) => holds(when, row)).map(({ set }) => set);
  return Object.assign({}, rules.defaults, framework.defaults, ...further) as Defaults;
}

export function findRecipe(row: Row, rules: CatalogueRules, defaults: Defaults): { recipe?: Recipe; got: string; assumed: boolean } {
  const got = textAt(row.point, "precision") ?? "";
  if (got === "") return defaults.recipe ? { recipe: defaults.recipe, got, assumed: true } : { got, assumed: false };
  const meaning = firstMeaning(rules.recipes, got);
  return meaning ? { recipe: meaning.recipe, got, assumed: false } : { got, assumed: false };
}

export function findLayout(row: Row, rules: CatalogueRules, framework: Framework, architecture: Architecture, sequence: number, sisterStages: number | undefined, launch?: Launch): LayoutFound {
  const { point } = row;
  const missing = needed.filter((key) => !((numberAt(point, key) ?? 0) >= 1));
  if (missing.length > 0) return refuse("incomplete", `${missing.join(", ")} not stated`);
  const flags: Applied[] = [];
  const assumed: Applied[] = [];
  const defaults = findDefaults(row, rules, framework);
  const assume = <T>(rule: string, key: string, value: T): T => {
    assumed.push({ rule, what: `${key} ${String(value)}` });
    return value;
  };
  const degree = (key: string, otherwise = 1): number => numberAt(point, key) ?? otherwise;
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1;

  const recipe = findRecipe(row, rules, defaults);
  if (recipe.recipe === undefined) return refuse("unknown-precision", recipe.got === "" ? "no precision stated" : `precision "${recipe.got}" has no meaning in the rules`);
  if (recipe.assumed) assume("precision-of-framework", "precision", recipe.recipe);

  const devices = degree("accelerators");
  const pipeline = degree("pp");
  const context = degree("cp");
  const slice = numberAt(point, "chips_per_slice");
  const within = numberAt(point, "fsdp_within_slice");
  const sliced = defaults.batchOverAllChips && slice !== undefined;
  const tensor = sliced ? slice / (within ?? slice) : degree("tp");
  const data = devices / (tensor * context * pipeline);
  const degrees = { tensor, context, pipeline, data, devices };
  const odd = Object.entries(degrees).filter(([, value]) => !whole(value));
  if (odd.length > 0) return refuse("ranks-do-not-divide", odd.map(([key, value]) => `${key} ${value}`).join(", "));
  const statedData = numberAt(point, "dp");
  if (!sliced && statedData !== undefined && statedData !== data && statedData !== data * context) flags.push({ rule: "ranks-do-not-multiply", what: `dp ${statedData} stated, ${data} from ${devices} devices` });

  const globalBatch = degree("global_batch");
  const microBatch = defaults.batchOverAllChips ? globalBatch / data : degree("micro_batch");
  const microBatches = globalBatch / (data * microBatch);
  if (!whole(globalBatch) || !(microBatch > 0)) return refuse("batch-does-not-divide", `global batch ${globalBatch}, micro-batch ${microBatch}`);
  if (!whole(microBatches)) flags.push({ rule: "batch-does-not-divide", what: `global batch ${globalBatch} over ${data} ranks of micro-batch ${microBatch}` });

  const virtualStages = findVirtualStages(row, defaults, pipeline, sisterStages, assumed, flags);
  const expert = architecture.experts ? degree("ep") : 1;
  const expertTensor = numberAt(point, "etp") ?? (architecture.experts && defaults.expertTensor === "tensor" ? tensor : 1);
  if (architecture.experts && tensor > 1 && !isStated(point["etp"])) assume("expert-ranks-of-framework", "ranks of one expert", expertTensor);
  const sharding = findSharding(row, launch?.sharding === undefined ? defaults : { ...defaults, sharding: launch.sharding }, assumed);
  const group = numberAt(point, "fsdp") ?? within;
  const shardGroup = sharding === "none" ? 1 : sharding === "parameters" && group !== undefined && group > 1 ? Math.min(group, data * context) : data * context;
  if (launch) assume("launch-recipe", "choices of", launch.from);
  const remat = findRecompute(row, rules, framework.stack, defaults, assumed, launch);
  if (!remat) return refuse("unknown-recompute", `recompute "${String(point["recompute"])}" has no meaning in the rules`);
  const parallel = point["sequence_parallel"];
  const adapters = matches("lora", `${textAt(point, "task") ?? ""} ${textAt(row.series, "title") ?? ""} ${textAt(row.series, "id") ?? ""}`);
  const layout: Layout = {
    ...degrees,
    virtualStages,
    expert,
    expertTensor,
    microBatch,
    globalBatch,
    microBatches: Math.max(1, Math.ceil(microBatches)),
    sequence,
    sequenceParallel: tensor > 1 && (typeof parallel === "boolean" ? parallel : assume("sequence-parallel-of-framework", "sequence parallel", defaults.sequenceParallel)),
    schedule: virtualStages > 1 ? "interleaved" : "1f1b",
    split: launch?.split ?? (defaults.split === "embedding-as-layer" && architecture.layers % pipeline !== 0 && (architecture.layers + 2) % pipeline === 0 ? assume("embedding-counts-as-layer", "split", "embedding-as-layer") : "even"),
    sharding,
    shardGroup,
    reshardAfterForward: sharding === "parameters" && defaults.reshardAfterForward,
    ...remat,
    recomputedLayers: remat.recompute === "block" ? (launch?.recomputedLayers ?? 0) : 0,
    recipe: recipe.recipe,
    attentionKernel: defaults.attentionKernel,
    narrowAttention: launch?.narrowAttention ?? false,
    narrowHead: launch?.narrowHead ?? false,
    fusedRotation: launch?.fusedRotation ?? false,
    contextScheme: "ring",
    expertDispatch: launch?.expertDispatch ?? defaults.expertDispatch,
    graphs: launch?.graphs ?? defaults.graphs,
    overlap: { ...defaults.overlap, expert: launch?.overlapExpert ?? defaults.overlap.expert },
    optimizer: launch?.optimizer ?? "adam",
    dropout: defaults.dropout,
    adapterRank: adapters ? assume("adapter-rank", "rank of adapters", 16) : 0,
    offload: { optimizer: point["cpu_offload"] === true ? 1 : 0, activations: Math.min(1, ((launch?.offloadedLayers ?? 0) * pipeline) / architecture.layers) },
    vocabularyMultiple: 128,
  };
  return { layout, flags, assumed, ...(slice === undefined ? {} : { domain: slice }) };
}

function findVirtualStages(row: Row, defaults: Defaults, pipeline: number, sister: number | undefined, assumed: Applied[], flags: Applied[]): number {
  const stated = numberAt(row.point, "vpp");
  if (stated !== undefined && stated >= 1) return pipeline > 1 ? stated : 1;
  if (pipeline === 1) return 1;
  if (sister !== undefined) {
    assumed.push({ rule: "virtual-stages-of-sister", what: `${sister} parts a stage, as a row of the same model and layout in another release states` });
    return sister;
  }
  if (defaults.virtualStages === "unknown") flags.push({ rule: "virtual-stages-not-stated", what: "the framework interleaves, the row does not say how finely" });
  else assumed.push({ rule: "virtual-stages-of-framework", what: "no interleaving" });
  return 1;
}

function findSharding(row: Row, defaults: Defaults, assumed: Applied[]): Layout["sharding"] {
  const text = textAt(row.point, "zero")?.toLowerCase();
  const wrapped = numberAt(row.point, "fsdp");
  if (wrapped !== undefined && wrapped > 1) return "parameters";
  if (text !== undefined) {
    if (matches("fsdp|full|3", text)) return "parameters";
    if (matches("grad|2", text)) return "gradients";
    if (matches("opt|1", text)) return "optimizer";
    return "none";
  }
  assumed.push({ rule: "sharding-of-framework", what: defaults.sharding });
  return defaults.sharding;
}

function findRecompute(row: Row, rules: CatalogueRules, stack: string, defaults: Defaults, assumed: Applied[], launch: Launch | undefined): Pick<Layout, "recompute" | "recomputeModules"> | undefined {
  const text = textAt(row.point, "recompute");
  if (text === undefined && launch) return { recompute: launch.recompute, recomputeModules: launch.recomputeModules };
  if (text === undefined) {
    assumed.push({ rule: "recompute-of-framework", what: defaults.recompute });
    return { recompute: defaults.recompute, recomputeModules: [] };
  }
  // A word may mean something else in one framework: patterns see "full @ maxtext-2024".
  const meaning = firstMeaning(rules.recomputes, `${text} @ ${stack}`);
  return meaning && { recompute: meaning.recompute, recomputeModules: meaning.modules };
}

/**
 * The architecture that a row of a catalogue describes. A row's own numbers come first, then those of the model's card (rules), then what nearly every model has:
 * each of the last two is listed. Without layers, hidden size, heads, feed-forward size and vocabulary there is no prediction.
 */
import type { Architecture, Attention, Experts } from "../../../model/workload/transformer/architecture.ts";
import type { CatalogueRules } from "../../../model/schema/catalogue-rules.ts";
import type { Applied } from "./case.ts";
import { firstMeaning, holds, matches, type Row } from "./matching.ts";
import { numberAt, recordAt, textAt, type JsonRecord } from "./record.ts";

export interface ArchitectureFound {
  readonly architecture?: Architecture;
  readonly missing: readonly string[];
  readonly assumed: readonly Applied[];
  readonly name: string;
}

/** Series and point both describe the model; the point comes first. */
const describe = ({ series, point }: Row): JsonRecord => {
  const stated = (record: JsonRecord): JsonRecord => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
  const layers = numberAt(point, "layers");
  return { ...stated(recordAt(series, "model")), ...stated(recordAt(point, "model")), ...(layers === undefined ? {} : { layers }) };
};

export function findArchitecture(row: Row, rules: CatalogueRules, sequence: number): ArchitectureFound {
  const model = describe(row);
  const name = textAt(model, "name") ?? "unnamed model";
  const assumed: Applied[] = [];
  const card = firstMeaning(rules.models, name);
  const set = card?.set ?? {};
  const corrections = rules.overrides.filter(({ matches: pattern }) => matches(pattern, name));
  const number = (key: string): number | undefined => {
    const own = numberAt(model, key);
    const correction = corrections.find((one) => one.field === key && one.got === own);
    if (correction) {
      assumed.push({ rule: "wrong-dimension", what: `${key} ${correction.value} instead of ${correction.got}` });
      return correction.value;
    }
    if (own !== undefined) return own;
    const known = set[key];
    if (typeof known !== "number") return undefined;
    assumed.push({ rule: "model-card", what: `${key} ${known}` });
    return known;
  };
  const guess = (key: string, value: number, rule = "usual-dimension"): number => {
    assumed.push({ rule, what: `${key} ${value}` });
    return value;
  };
  const hidden = number("hidden");
  const layers = number("layers");
  const vocabulary = number("vocab") ?? rules.vocabulary.find(({ when }) => holds(when, row))?.vocabulary;
  const heads = number("heads") ?? rules.heads.find(({ when }) => holds(when, row))?.heads;
  const experts = findExperts(model, number, card?.experts ?? {}, textAt(model, "mlp"), assumed);
  const four = hidden !== undefined && matches("4 ?h", textAt(model, "ffn") ?? "") ? 4 * hidden : undefined;
  const inner = number("ffn") ?? four ?? experts?.inner;
  const missing = Object.entries({ hidden, layers, heads, vocabulary, inner }).flatMap(([key, value]) => (value === undefined || !(value > 0) || !Number.isInteger(value) ? [key] : []));
  if (missing.length > 0 || hidden === undefined || layers === undefined || heads === undefined || vocabulary === undefined || inner === undefined) return { missing, assumed, name };
  if (numberAt(model, "vocab") === undefined && typeof set["vocab"] !== "number") assumed.push({ rule: "usual-vocabulary", what: `vocabulary ${vocabulary}` });
  if (numberAt(model, "heads") === undefined && typeof set["heads"] !== "number") assumed.push({ rule: "usual-heads", what: `${heads} heads` });
  const words = `${textAt(model, "mlp") ?? ""} ${String(set["gated"] ?? "")}`;
  const gated = matches("swiglu|geglu|gated|linear\\)", words) || set["gated"] === true || (experts !== undefined && set["gated"] !== false);
  const headSize = number("head_dim") ?? (hidden % heads === 0 ? hidden / heads : guess("head_dim", Math.round(hidden / heads)));
  const keyValueHeads = number("kv_heads") ?? heads;
  const rotary = gated;
  const architecture: Architecture = {
    hidden,
    layers,
    encoderLayers: number("encoder_layers") ?? 0,
    attention: { ...plainAttention(heads, keyValueHeads, headSize), ...(card?.attention as Partial<Attention> | undefined) },
    inner,
    gated,
    experts: experts ?? null,
    stateSpace: null,
    vocabulary,
    tiedEmbeddings: set["tied"] === true || (!rotary && set["tied"] !== false),
    learnedPositions: rotary || matches("alibi|rope|rotary", textAt(model, "attention") ?? "") ? 0 : sequence,
    normalisation: gated ? "rms" : "layer",
    biases: gated && set["biases"] !== true ? "none" : "all",
    parallelBlock: set["parallelBlock"] === true,
    extraPredictions: typeof set["extraPredictions"] === "number" ? set["extraPredictions"] : 0,
    sequence,
  };
  return { architecture, missing, assumed, name };
}

const plainAttention = (heads: number, keyValueHeads: number, headSize: number): Attention => ({
  heads,
  keyValueHeads,
  headSize,
  valueHeadSize: headSize,
  queryRank: 0,
  keyValueRank: 0,
  rotaryHeadSize: 0,
  window: 0,
  fullEvery: 0,
  causal: true,
  queryKeyNormalisation: false,
  sinks: false,
});

function findExperts(model: JsonRecord, number: (key: string) => number | undefined, card: Record<string, number | boolean | null>, mlp: string | undefined, assumed: Applied[]): Experts | undefined {
  const count = number("experts");
  if (count === undefined || count <= 1) return undefined;
  const topK = number("topk");
  const inner = number("moe_ffn") ?? number("ffn");
  if (topK === undefined || inner === undefined) return undefined;
  const sized = (key: string, none: number): number => {
    const value = card[key];
    if (typeof value !== "number") return none;
    assumed.push({ rule: "model-card", what: `${key} ${value}` });
    return value;
  };
  const shared = numberAt(model, "shared_experts");
  return {
    count,
    topK,
    inner,
    sharedInner: shared === undefined ? sized("sharedInner", 0) : shared * inner,
    firstDense: numberAt(model, "dense_layers") ?? sized("firstDense", 0),
    every: sized("every", 1),
    capacityFactor: matches("capacity|drop", mlp ?? "") ? 1 : 0,
  };
}

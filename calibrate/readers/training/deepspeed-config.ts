/**
 * A configuration of DeepSpeed (ds_config.json): how a run is set. Nothing in it was measured, so it gives no rows; what decides a layout (stage of ZeRO, batch, number
 * format, what is held in host memory) becomes settings by the names that a plan has for them, and "auto", which the trainer fills in, is asked for.
 */
import { given, numberOf, objectOf, parseFirstObject, positive, textOf, type Json } from "../json.ts";
import type { Ask, LineProblem } from "../reader.ts";
import { emptyHead, wholeTextReader } from "../text.ts";

const own = ["zero_optimization", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "train_batch_size"] as const;
const shardings = ["none", "optimizer", "gradients", "parameters"] as const;
/** To the name that a plan has for it. */
const counts = { train_micro_batch_size_per_gpu: "microBatch", gradient_accumulation_steps: "accumulation", train_batch_size: "globalBatch" } as const;

export const deepspeedConfig = wholeTextReader({
  id: "deepspeed-config",
  title: "DeepSpeed: configuration of a run (ds_config.json)",
  accepts: (text) => /^\s*\{/.test(text) && new RegExp(`^\\s*"(?:${own.join("|")})"\\s*:|\\{\\s*"(?:${own.join("|")})"\\s*:`, "m").test(text) && !/"(?:model_type|architectures|traceEvents|key)"\s*:/.test(text),
  read(text) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const config = objectOf(parsed.value);
    const problems: LineProblem[] = [];
    const asks: Ask[] = [{ key: "devices", expected: "how many devices trained" }];
    const settings: Record<string, string | number> = {};
    const wrong = (key: string, value: Json | undefined, expected: string): void => void problems.push({ line: lineOf(text, key) ?? parsed.line, got: `${key}: ${JSON.stringify(value)}`.slice(0, 120), expected });
    for (const [key, name] of Object.entries(counts)) {
      const value = config[key];
      if (value === undefined) continue;
      const whole = positive(value);
      if (value === "auto") asks.push({ key: name, expected: `${key} is left to the trainer ("auto")` });
      else if (whole !== undefined && Number.isInteger(whole)) settings[name] = whole;
      else wrong(key, value, "a whole number above zero, or \"auto\"");
    }
    const zero = objectOf(config["zero_optimization"]);
    const stage = zero["stage"] === undefined ? 0 : numberOf(zero["stage"]);
    const sharding = stage === undefined ? undefined : shardings[stage];
    if (config["zero_optimization"] !== undefined && sharding === undefined) wrong("stage", zero["stage"], "0, 1, 2 or 3");
    else if (sharding !== undefined) Object.assign(settings, { sharding, zeroStage: stage });
    const recipe = ["bf16", "bfloat16", "fp16", "fp8"].find((key) => isOn(objectOf(config[key])["enabled"]));
    settings["recipe"] = recipe === "bfloat16" ? "bf16" : (recipe ?? "fp32");
    for (const key of ["bf16", "fp16"] as const) if (objectOf(config[key])["enabled"] === "auto") asks.push({ key: "recipe", expected: `${key} is left to the trainer ("auto")` });
    const offload = { offloadOptimizer: textOf(objectOf(zero["offload_optimizer"])["device"]), offloadParameters: textOf(objectOf(zero["offload_param"])["device"]) };
    Object.assign(settings, given<string | number>({ ...offload, optimizer: textOf(objectOf(config["optimizer"])["type"]), overlap: zero["overlap_comm"] === undefined ? undefined : String(zero["overlap_comm"]), bucket_elements: positive(zero["reduce_bucket_size"]), activationCheckpointing: Object.keys(objectOf(config["activation_checkpointing"])).length > 0 ? "configured" : undefined }));
    return { ...emptyHead, facts: settings, asks, documents: [{ kind: "settings", document: { of: "deepspeed", ...settings } }], problems };
  },
});

const isOn = (value: Json | undefined): boolean => value === true || value === "true";

function lineOf(text: string, key: string): number | undefined {
  const at = text.indexOf(`"${key}"`);
  return at < 0 ? undefined : text.slice(0, at).split("\n").length;
}

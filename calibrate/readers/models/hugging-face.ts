/** config.json of Hugging Face Transformers as a workload document. What was assumed stands among the facts; what is wrong is told with the line of its key. */
import { readHuggingFaceConfig } from "../../../model/workload/transformer/hugging-face.ts";
import { linesOfKey, objectOf, parseFirstObject, textOf } from "../json.ts";
import { emptyHead, wholeTextReader } from "../text.ts";

export const huggingFace = wholeTextReader({
  id: "hf-config",
  title: "Hugging Face config.json: a transformer",
  accepts: (text) => /^\s*\{/.test(text) && /"model_type"\s*:\s*"/.test(text) && /"(?:architectures|transformers_version|hidden_size|n_embd|num_hidden_layers|n_layer|d_model|num_layers|text_config)"\s*:/.test(text),
  read(text, name) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const root = objectOf(parsed.value);
    const named = name.replace(/\.config\.json$/i, "").split("/").at(-1) ?? "";
    // "config.json" says nothing: the model's own name, if it has one, does.
    const title = /^(?:config(?:\.json)?|file|)$/i.test(named) ? (textOf(root["_name_or_path"])?.split("/").at(-1) ?? textOf(root["model_type"]) ?? "model") : named;
    const { document, problems, remarks } = readHuggingFaceConfig(parsed.value, title);
    const lineOf = (path: string): number => linesOfKey(text, path.split(/[.:]\s*/).at(-1) ?? "")[0] ?? parsed.line;
    const architecture = Array.isArray(root["architectures"]) ? textOf((root["architectures"] as readonly string[])[0]) : undefined;
    const facts = Object.fromEntries(Object.entries({ modelType: textOf(root["model_type"]), architecture, transformers: textOf(root["transformers_version"]), remarks: remarks.map(({ path, text: words }) => `${path.replace(/^.*?: /, "")} ${words}`).join("; ") }).filter(([, value]) => value !== undefined && value !== "")) as Record<string, string>;
    return {
      ...emptyHead,
      facts,
      documents: document ? [{ kind: "workload", document }] : [],
      problems: problems.map(({ path, got, expected }) => ({ line: lineOf(path), got: `${path.replace(/^.*?: /, "")}: ${got}`, expected })),
    };
  },
});

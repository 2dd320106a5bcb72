/**
 * DLIO and MLPerf Storage: the emulated training's summary (utilisation and throughput by epoch), its epochs' times, and the report that joins five runs.
 * Megabytes are 2^20 bytes in DLIO. Accelerators are emulated by sleeping: utilisation is of the emulation.
 */
import { given, linesOfKey, listOf, numberOf, objectOf, parseFirstObject, positive, textOf, type Json } from "../json.ts";
import type { Emit, LineProblem } from "../reader.ts";
import { emptyHead, wholeTextReader } from "../text.ts";

type Fields = Readonly<Record<string, Json>>;

export const dlio = wholeTextReader({
  id: "dlio",
  title: "DLIO, MLPerf Storage: input of an emulated training",
  accepts: (text) => /^\s*\{/.test(text) && (/"(?:train|eval)_au_(?:percentage|mean_percentage)"|"train_num_accelerators"|"(?:train|eval)_throughput_samples_per_second"/.test(text) || (/"(?:block|ckpt)\d+"\s*:/.test(text) && /"duration"\s*:/.test(text))),
  read(text, _name, emit) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const root = objectOf(parsed.value);
    if (root["metric"] !== undefined) return readSummary(root, text, emit);
    if (root["runs"] !== undefined || root["overall"] !== undefined) return readReport(root, text, emit);
    return readEpochs(root, text, emit);
  },
});

const mebi = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 2 ** 20);
const share = (percent: Json | undefined): number | undefined => {
  const value = numberOf(percent);
  return value === undefined || value < 0 ? undefined : value / 100;
};

function readSummary(root: Fields, text: string, emit: Emit) {
  const metric = objectOf(root["metric"]);
  const line = linesOfKey(text, "metric")[0] ?? 1;
  const setting = given<number>({ accelerators: positive(root["num_accelerators"]), hosts: positive(root["num_hosts"]), files: positive(root["num_files_train"]), samplesPerFile: positive(root["num_samples_per_file"]) });
  const utilisation = listOf(metric["train_au_percentage"]);
  const throughput = listOf(metric["train_throughput_samples_per_second"]);
  const problems: LineProblem[] = [];
  for (let epoch = 0; epoch < Math.max(utilisation.length, throughput.length); epoch++) {
    const values = given({ utilisation_fraction: share(utilisation[epoch]), throughput_samples_per_s: positive(throughput[epoch]) });
    if (Object.keys(values).length === 0) problems.push({ line, got: `epoch ${epoch + 1}: ${JSON.stringify([utilisation[epoch], throughput[epoch]])}`, expected: "a utilisation and a throughput" });
    else emit({ line, benchmark: "dlio-epoch", case: { ...setting, epoch: epoch + 1 }, values });
  }
  const mean = given({ utilisation_fraction: share(metric["train_au_mean_percentage"]), throughput_samples_per_s: positive(metric["train_throughput_mean_samples_per_second"]), rate_bytes_per_s: mebi(positive(metric["train_io_mean_MB_per_second"])) });
  if (Object.keys(mean).length > 0) emit({ line, benchmark: "dlio-run", case: setting, values: mean });
  const host = objectOf(root["host_cpuinfo"]);
  const facts = given<string | number>({ ...setting, host: textOf(root["hostname"]), processor: textOf(host["model name"]), start: textOf(root["start"]) });
  return { ...emptyHead, facts, asks: [{ key: "model", expected: "the emulated workload, such as unet3d" }], problems };
}

function readReport(root: Fields, text: string, emit: Emit) {
  const problems: LineProblem[] = [];
  const add = (benchmark: string, name: string, fields: Fields, line: number): void => {
    const setting = given<string | number>({ run: name === "" ? undefined : name, model: textOf(fields["model"]), accelerator: textOf(fields["accelerator"]), accelerators: positive(fields["train_num_accelerators"]), files: positive(fields["num_files_train"]) });
    const values = given({
      throughput_samples_per_s: positive(fields["train_throughput_samples_per_second"]) ?? positive(fields["train_throughput_mean_samples_per_second"]),
      rate_bytes_per_s: mebi(positive(fields["train_throughput_MB_per_second"]) ?? positive(fields["train_throughput_mean_MB_per_second"])),
      utilisation_fraction: share(fields["train_au_percentage"] ?? fields["train_au_mean_percentage"]),
    });
    if (Object.keys(values).length === 0) problems.push({ line, got: name || "overall", expected: "a throughput" });
    else emit({ line, benchmark, case: setting, values });
  };
  for (const [name, fields] of Object.entries(objectOf(root["runs"]))) add("dlio-run", name, objectOf(fields), linesOfKey(text, name)[0] ?? 1);
  const overall = objectOf(root["overall"]);
  if (Object.keys(overall).length > 0) add("dlio-overall", "", overall, linesOfKey(text, "overall")[0] ?? 1);
  return { ...emptyHead, facts: given<string | number>({ model: textOf(overall["model"]), accelerator: textOf(overall["accelerator"]) }), asks: [{ key: "hosts", expected: "how many hosts ran the emulated accelerators" }], problems };
}

/** Epochs with their blocks and checkpoints. */
function readEpochs(root: Fields, text: string, emit: Emit) {
  const problems: LineProblem[] = [];
  for (const [epoch, value] of Object.entries(root)) {
    const line = linesOfKey(text, epoch)[0] ?? 1;
    const fields = objectOf(value);
    const add = (benchmark: string, part: Fields, more: Readonly<Record<string, string>>): void => {
      const time_s = positive(part["duration"]);
      if (time_s === undefined) problems.push({ line, got: `epoch ${epoch}: ${JSON.stringify(part["duration"] ?? null)}`, expected: "a duration in seconds" });
      else emit({ line, benchmark, case: { epoch: numberOf(epoch) ?? epoch, ...more }, values: { time_s } });
    };
    add("dlio-epoch-time", fields, {});
    for (const [part, inner] of Object.entries(fields)) {
      if (/^block\d+$/.test(part)) add("dlio-block-time", objectOf(inner), { block: part });
      else if (/^ckpt\d+$/.test(part)) add("dlio-checkpoint-time", objectOf(inner), { checkpoint: part });
    }
  }
  return { ...emptyHead, asks: [{ key: "model", expected: "the emulated workload, such as unet3d" }, { key: "hosts", expected: "how many hosts ran the emulated accelerators" }], problems };
}

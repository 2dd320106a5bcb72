/** The page that says how far predictions of memory lie from published readings, family by family. */
import type { ReadingScore, ScoredReading } from "./score-readings.ts";

const percent = (value: number, digits = 2): string => `${(100 * value).toFixed(digits)} %`;
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);

export function describeMemoryAccuracy(scores: readonly ReadingScore[], command: string): string {
  const stated = scores.reduce((sum, { outOfMemory }) => sum + outOfMemory.stated, 0);
  const found = scores.reduce((sum, { outOfMemory }) => sum + outOfMemory.found, 0);
  const refused = scores.reduce((sum, { outOfMemory }) => sum + outOfMemory.false, 0);
  return [
    "# How well memory is predicted",
    "",
    `Written by \`${command}\` from \`scenarios/memory\` (what frameworks keep) and \`scenarios/memory-readings\` (what was read, where, and what was taken for what a source leaves out).`,
    "",
    "Four kinds of memory differ by up to a quarter in one run: *resident* (live tensors after the step), *allocated* (their peak), *reserved* (what the allocator holds), *device* (what the driver",
    "shows: context, communicators and reserved). Each reading is compared with its own kind. GB are 1e9 bytes. Mean error is the mean of |predicted / read - 1|; doubtful readings are listed",
    "below and not scored.",
    "",
    "| family (kind) | readings | mean error | bias | worst | fitted on them |",
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...scores.map(({ title, count, meanError, bias, worst, fitted }) => `| ${title} | ${count} | ${percent(meanError)} | ${percent(bias)} | ${percent(worst, 1)} | ${fitted} |`),
    "",
    `Runs that failed for want of memory: ${found} of ${stated} found; of the runs listed that ran, ${refused} refused.`,
    "",
    ...scores.flatMap(describeFamily),
  ].join("\n");
}

function describeFamily({ title, readings, kind }: ReadingScore): string[] {
  const shown = readings.length > 40 ? pickReadings(readings) : readings;
  return [
    `## ${title}`,
    "",
    ...(shown.length < readings.length ? [`${shown.length} of ${readings.length} readings: first, second and last stage of each run.`, ""] : []),
    "| run | kind | predicted GB | read GB | error |",
    "| --- | --- | ---: | ---: | ---: |",
    ...shown.map((one) => `| ${one.label} | ${one.kind === kind ? "" : one.kind} | ${gigabytes(one.predicted_bytes)} | ${one.measured_bytes === undefined ? "out of memory" : gigabytes(one.measured_bytes)} | ${describeError(one)} |`),
    "",
  ];
}

function describeError({ error, doubtful, outOfMemory, refused }: ScoredReading): string {
  if (outOfMemory) return refused ? "found" : "not found";
  return `${error === undefined ? "" : percent(error, 1)}${doubtful === undefined ? "" : ` (not scored: ${doubtful})`}${refused ? " **refused**" : ""}`;
}

/** Stages between repeat one another. */
function pickReadings(readings: readonly ScoredReading[]): ScoredReading[] {
  if (readings.every(({ label }) => !label.includes(", stage "))) return [...readings];
  const last = new Map<string, number>();
  for (const { label, stage } of readings) {
    const run = label.split(", stage ")[0] ?? label;
    last.set(run, Math.max(last.get(run) ?? 0, stage));
  }
  return readings.filter(({ label, stage }) => stage < 2 || stage === last.get(label.split(", stage ")[0] ?? label));
}

/**
 * fio's JSON: for each job or group of jobs what was read, written and trimmed, with latencies. Options of a job stand above those of all. Latencies are in nanoseconds
 * from 3.0 on and in microseconds before; rates are bytes per second where the key says so, else KiB/s.
 */
import { given, linesOfKey, listOf, numberOf, objectOf, parseFirstObject, positive, textOf, type Json } from "../json.ts";
import { parseSize } from "../size.ts";
import { emptyHead, wholeTextReader } from "../text.ts";
import type { LineProblem } from "../reader.ts";

const directions = ["read", "write", "trim"] as const;
const percentiles = [50, 99, 99.9] as const;

export const fio = wholeTextReader({
  id: "fio",
  title: "fio: reading and writing of a disk or file, JSON",
  accepts: (text) => /"fio version"\s*:/.test(text),
  read(text, _name, emit) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const root = objectOf(parsed.value);
    const common = objectOf(root["global options"]);
    const lines = linesOfKey(text, "jobname");
    const problems: LineProblem[] = [];
    let idle = 0;
    listOf(root["jobs"]).forEach((value, index) => {
      const job = objectOf(value);
      const options = { ...common, ...objectOf(job["job options"]) };
      const line = lines[index] ?? parsed.line;
      for (const direction of directions) {
        const done = objectOf(job[direction]);
        const rate = positive(done["bw_bytes"]) ?? scaled(positive(done["bw"]), 1024);
        if (rate === undefined) {
          if (done["bw"] !== undefined && numberOf(done["bw"]) === undefined) problems.push({ line, got: JSON.stringify(done["bw"]), expected: `a rate of ${direction}` });
          idle++;
          continue;
        }
        emit({
          line,
          benchmark: `fio-${direction}`,
          case: { ...describe(options), ...given({ job: textOf(job["jobname"]) }) },
          values: given({ rate_bytes_per_s: rate, operations_per_s: positive(done["iops"]), run_s: scaled(positive(done["runtime"]), 1e-3), moved_bytes: positive(done["io_bytes"]), ...latencies(done) }),
          ...((numberOf(job["error"]) ?? 0) > 0 ? { marks: ["wrong-result" as const] } : {}),
        });
      }
    });
    const facts = given({ version: textOf(root["fio version"]), time: textOf(root["time"]) });
    if (listOf(root["jobs"]).length === 0) problems.push({ line: parsed.line, got: "no jobs", expected: "a list of jobs" });
    return { facts, asks: [], documents: [], excluded: idle > 0 ? [{ rule: "direction-idle", count: idle }] : [], problems };
  },
});

const scaled = (value: number | undefined, factor: number): number | undefined => (value === undefined ? undefined : value * factor);

function describe(options: Readonly<Record<string, Json>>) {
  const size = (key: string) => {
    const text = textOf(options[key]);
    return text === undefined ? undefined : parseSize(text);
  };
  const flag = (key: string) => (options[key] === undefined ? undefined : options[key] === "1" || options[key] === 1 || options[key] === "");
  return given<string | number | boolean>({
    pattern: textOf(options["rw"]) ?? textOf(options["readwrite"]),
    blockBytes: size("bs") ?? size("blocksize"),
    queueDepth: positive(options["iodepth"]),
    jobs: positive(options["numjobs"]),
    engine: textOf(options["ioengine"]),
    direct: flag("direct"),
    size_bytes: size("size"),
    file: textOf(options["filename"]) ?? textOf(options["directory"]),
  });
}

/** Mean of the whole latency, and percentiles of it or of the completion, whichever is there. */
function latencies(done: Readonly<Record<string, Json>>): Record<string, number | undefined> {
  const unit = done["lat_ns"] === undefined && done["clat_ns"] === undefined ? 1e-6 : 1e-9;
  const whole = objectOf(done["lat_ns"] ?? done["lat"]);
  const completion = objectOf(done["clat_ns"] ?? done["clat"]);
  const table = objectOf(whole["percentile"] ?? completion["percentile"]);
  const at = (percentile: number) => positive(table[percentile.toFixed(6)]);
  return {
    latency_s: scaled(positive(whole["mean"]) ?? positive(completion["mean"]), unit),
    ...Object.fromEntries(percentiles.map((percentile) => [`latencyP${String(percentile).replace(".", "")}_s`, scaled(at(percentile), unit)])),
  };
}

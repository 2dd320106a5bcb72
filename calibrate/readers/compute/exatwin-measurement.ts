/** Measurement files of `exatwin calibrate`. One wrong line makes the whole file doubtful: its problems are told and nothing is taken. */
import { readMeasurements } from "../measurement.ts";
import { given } from "../json.ts";
import { emptyHead, wholeTextReader } from "../text.ts";

export const exatwinMeasurement = wholeTextReader({
  id: "exatwin-measurement",
  title: "exatwin calibrate: measurements of its own benchmarks",
  accepts: (text) => /"schema"\s*:\s*"exatwin-measurement\//.test(text.slice(0, 2000)),
  read(text, name, emit) {
    const { measurements, problems } = readMeasurements(text, name);
    if (!measurements) {
      return { ...emptyHead, problems: problems.map(({ path, got, expected }) => ({ line: Math.min(Number(/ line (\d+)/.exec(path)?.[1] ?? 1), text.split("\n").length), got, expected })) };
    }
    const { header, rows, skipped } = measurements;
    for (const { line, benchmark, case: size, work, time_s, count, quiet } of rows) {
      emit({
        line,
        benchmark,
        case: { ...size, quiet },
        values: given({ time_s: time_s.median, least_s: time_s.min, p10_s: time_s.p10, p90_s: time_s.p90, most_s: time_s.max, mean_s: time_s.mean, work_flop: work.flop, work_bytes: work.bytes, sample_count: count }),
      });
    }
    const facts = given<string | number>({ title: header.title, date: header.date, host: header.host.name, cpu: header.host.cpu, cores: header.host.cores, command: header.command });
    return { ...emptyHead, facts, excluded: skipped.length > 0 ? [{ rule: "benchmark-skipped", count: skipped.length }] : [] };
  },
});

/** nvbandwidth: a matrix of rates in GB/s (latencies in ns) per test, rows and columns are devices or the host; N/A stands where nothing was measured. */
import { benchmarkName, lineReader, problemList } from "../text.ts";

export const nvbandwidth = lineReader({
  id: "nvbandwidth",
  title: "nvbandwidth: copies between host and devices",
  accepts: (text) => /^nvbandwidth Version/m.test(text) || /^Running \w+_(?:memcpy|latency)\w*\.\s*$/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let test = "";
    let latency = false;
    let columns: string[] = [];
    let absent = 0;
    return {
      line(text, line, cutOff) {
        const running = /^Running (\S+?)\.\s*$/.exec(text)?.[1];
        if (running) {
          [test, columns, latency] = [running, [], running.includes("latency")];
          return;
        }
        const version = /^nvbandwidth Version:\s*(\S+)/.exec(text)?.[1];
        if (version) facts["version"] = version;
        const device = /^Device \d+:\s*(.*?)\s*\(/.exec(text)?.[1];
        if (device) facts["device"] = device;
        const driver = /^Driver Version:\s*(\S+)/.exec(text)?.[1];
        if (driver) facts["driver"] = driver;
        if (test === "") return;
        const sum = /^SUM (\S+)\s+([\d.einfa+-]+)/.exec(text);
        if (sum) {
          const value = Number(sum[2]) * 1e9;
          if (!latency && value > 0 && Number.isFinite(value) && !cutOff) emit({ line, benchmark: benchmarkName("nvbandwidth", test), case: { sum: true }, values: { rate_bytes_per_s: value } });
          test = "";
          return;
        }
        if (/^\s+\d+(?:\s+\d+)*\s*$/.test(text) && columns.length === 0) {
          columns = text.trim().split(/\s+/);
          return;
        }
        const cells = /^\s*(\d+)\s+(\S.*)$/.exec(text);
        if (!cells || columns.length === 0) return;
        const printed = (cells[2] ?? "").trim().split(/\s+/);
        if (cutOff || printed.length !== columns.length) return problems.add(line, text, `a value below each of ${columns.length} columns`);
        printed.forEach((cell, index) => {
          if (cell === "N/A") {
            absent++;
            return;
          }
          const value = Number(cell) * (latency ? 1e-9 : 1e9);
          if (value > 0 && Number.isFinite(value)) emit({ line, benchmark: benchmarkName("nvbandwidth", test), case: { row: cells[1] ?? "", column: columns[index] ?? "" }, values: latency ? { time_s: value } : { rate_bytes_per_s: value } });
          else problems.add(line, cell, "a value above zero or N/A");
        });
      },
      end: () => ({ facts, asks: [], documents: [], excluded: absent > 0 ? [{ rule: "not-measured", count: absent }] : [], problems: problems.list() }),
    };
  },
});

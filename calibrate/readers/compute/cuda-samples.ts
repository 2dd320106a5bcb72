/** Samples of the CUDA toolkit: bandwidthTest by size, p2pBandwidthLatencyTest as matrices, deviceQuery as facts of each device. */
import { given } from "../json.ts";
import { benchmarkName, lineReader, problemList } from "../text.ts";

const copy = /^bandwidthTest-([\w-]+), Bandwidth = ([\d.einfa+-]+) ([MG])B\/s, Time = ([\d.einfa+-]+) s?, Size = (\d+) bytes/;
const matrix = /^(?:(Unidirectional|Bidirectional) )?P2P=(Enabled|Disabled) (Bandwidth|Latency)(?: \(.*?\))? Matrix \((GB\/s|us)\)|^(Unidirectional|Bidirectional) P2P=(Enabled|Disabled) Bandwidth(?: \(P2P Writes\))? Matrix \((GB\/s)\)/;

/** Lines of deviceQuery to quantities. */
const queries: readonly (readonly [RegExp, string, number])[] = [
  [/^\s+Total amount of global memory:\s+\d+ MBytes \((\d+) bytes\)/, "memory_bytes", 1],
  [/^\s+GPU (?:Max )?Clock rate:\s+([\d.]+) MHz/, "clock_per_s", 1e6],
  [/^\s+Memory Clock rate:\s+([\d.]+) Mhz/i, "memoryClock_per_s", 1e6],
  [/^\s+Memory Bus Width:\s+(\d+)-bit/, "memoryBus_bytes", 1 / 8],
  [/^\s+L2 Cache Size:\s+(\d+) bytes/, "l2_bytes", 1],
  [/^\s+\(\s*(\d+)\) Multiprocessors/, "multiprocessor_count", 1],
];

export const cudaSamples = lineReader({
  id: "cuda-samples",
  title: "CUDA samples: bandwidthTest, p2pBandwidthLatencyTest, deviceQuery",
  accepts: (text) => /^bandwidthTest-[\w-]+, Bandwidth =/m.test(text) || /^\[CUDA Bandwidth Test\]/m.test(text) || /^\[P2P \(Peer-to-Peer\)/m.test(text) || /^\s*CUDA Device Query \(/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let table: { benchmark: string; latency: boolean; peer: boolean } | undefined;
    let columns: string[] = [];
    let device: { line: number; name: string; index: number; values: Record<string, number> } | undefined;
    const releaseDevice = (): void => {
      if (device && Object.keys(device.values).length > 0) emit({ line: device.line, benchmark: "device-query", case: { device: device.name, index: device.index }, values: device.values });
      device = undefined;
    };
    return {
      line(text, line, cutOff) {
        const found = copy.exec(text);
        if (found) {
          const rate = Number(found[2]) * (found[3] === "G" ? 1e9 : 1e6);
          const time = Number(found[4]);
          if (cutOff || !(rate > 0) || !Number.isFinite(rate)) return problems.add(line, text, "a rate above zero");
          return emit({ line, benchmark: benchmarkName("cuda-copy", found[1] ?? ""), case: { bytes: Number(found[5]) }, values: given({ rate_bytes_per_s: rate, time_s: time > 0 && Number.isFinite(time) ? time : undefined }) });
        }
        const heading = matrix.exec(text);
        if (heading) {
          const latency = text.includes("Latency");
          table = { benchmark: benchmarkName("cuda-p2p", heading[1] ?? heading[5] ?? "", latency ? "latency" : "bandwidth"), latency, peer: text.includes("P2P=Enabled") };
          columns = [];
          return;
        }
        if (table && /^\s*(?:D\\D|GPU|CPU)\s/.test(text)) {
          columns = text.trim().split(/\s+/).slice(1);
          if (text.trim().startsWith("CPU")) table = undefined;
          return;
        }
        const cells = table && columns.length > 0 ? /^\s*(\d+)\s+([\d.]+(?:\s+[\d.]+)*)\s*$/.exec(text) : null;
        if (cells && table) {
          const printed = (cells[2] ?? "").split(/\s+/).map(Number);
          if (cutOff || printed.length !== columns.length) return problems.add(line, text, `a value below each of ${columns.length} devices`);
          const { benchmark, latency, peer } = table;
          printed.forEach((value, index) => {
            const si = value * (latency ? 1e-6 : 1e9);
            if (si > 0 && Number.isFinite(si)) emit({ line, benchmark, case: { from: cells[1] ?? "", to: columns[index] ?? "", peer }, values: latency ? { time_s: si } : { rate_bytes_per_s: si } });
            else problems.add(line, String(value), "a value above zero");
          });
          return;
        }
        const named = /^\s*Device(?::)? (\d+)[:,]\s*"?([^",]+?)"?\s*(?:,.*)?$/.exec(text);
        if (named) {
          releaseDevice();
          device = { line, name: named[2] ?? "", index: Number(named[1]), values: {} };
          facts["device"] = named[2] ?? "";
          return;
        }
        if (!device) return;
        for (const [pattern, quantity, factor] of queries) {
          const value = Number(pattern.exec(text)?.[1]) * factor;
          if (value > 0 && Number.isFinite(value)) device.values[quantity] = value;
        }
      },
      end() {
        releaseDevice();
        return { facts, asks: [], documents: [], excluded: [], problems: problems.list() };
      },
    };
  },
});

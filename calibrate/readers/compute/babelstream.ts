/** BabelStream, GPU-STREAM in its first versions: kernels on devices, as a table or as comma-separated values. MB is 1e6 bytes. Mul is Scale. */
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const head = /^Function\s+M(?:i)?Bytes\/sec\s+Min \(sec\)\s+Max\s+Average/;
const row = /^(Copy|Mul|Scale|Add|Triad|Dot|Nstream)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s*$/;
const csvHead = /^function,num_times,n_elements,sizeof,max_m(i?)bytes_per_sec,min_runtime,max_runtime,avg_runtime/;

export const babelstream = lineReader({
  id: "babelstream",
  title: "BabelStream: memory bandwidth of devices",
  accepts: (text) => /^(?:BabelStream|GPU-STREAM)\s*$/m.test(text) || /^Function\s+M(?:i)?Bytes\/sec\s+Min \(sec\)/m.test(text) || /^function,num_times,n_elements,sizeof,max_mi?bytes_per_sec/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let unit = 1e6;
    let csv = false;
    let table = false;
    const give = (line: number, text: string, kernel: string, printed: readonly number[], more: Record<string, number | undefined>): void => {
      const [rate = 0, least = 0, most = 0, mean = 0] = printed;
      if (![rate, least, most, mean].every((value) => Number.isFinite(value) && value > 0)) return problems.add(line, text, "a rate and three times above zero");
      emit({ line, benchmark: `babelstream-${kernel.toLowerCase()}`, case: given(more), values: { rate_bytes_per_s: rate * unit, time_s: mean, least_s: least, most_s: most } });
    };
    return {
      line(text, line, cutOff) {
        const columns = csvHead.exec(text);
        if (columns) {
          csv = true;
          unit = columns[1] ? 2 ** 20 : 1e6;
          return;
        }
        if (head.test(text)) {
          table = true;
          unit = text.includes("MiBytes") ? 2 ** 20 : 1e6;
          return;
        }
        const found = table ? row.exec(text) : null;
        if (found && cutOff) return problems.add(line, text, "a whole row");
        if (found) return give(line, text, found[1] ?? "", found.slice(2).map(Number), {});
        const cells = csv ? text.split(",") : [];
        if (cells.length >= 8 && /^[A-Z][a-z]+$/.test(cells[0] ?? "")) {
          const [times, elements, width, rate, least, most, mean] = cells.slice(1, 8).map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell))) as [number, number, number, number, number, number, number];
          const bytes = elements * width;
          return give(line, text, cells[0] ?? "", [rate, least, most, mean], { repetitions: times > 0 ? times : undefined, arrayBytes: bytes > 0 ? bytes : undefined });
        }
        const fact = /^(Version|Implementation|Precision|Driver):\s*(\S.*?)\s*$/.exec(text);
        if (fact) facts[(fact[1] ?? "").toLowerCase()] = fact[2] ?? "";
        const device = /^Using \w+ device\s+(\S.*?)\s*$/.exec(text)?.[1];
        if (device) facts["device"] = device;
      },
      end: () => ({ facts, asks: [], documents: [], excluded: [], problems: problems.list() }),
    };
  },
});

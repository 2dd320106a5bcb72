/**
 * mdtest (hpc/ior): rates of metadata operations, files or directories, and in newer versions their times in a second block. Phases that did not run are printed as zero.
 */
import type { ImportedRow } from "../reader.ts";
import { given } from "../json.ts";
import { lineReader, problemList } from "../text.ts";

const launched = /^mdtest-(\S+) was launched with (\d+) total task\(s\) on (\d+) node/;
const counted = /^(\d+) tasks, (\d+) (files|directories|files\/directories)/;
const summary = /^SUMMARY (rate|time)/;
const row = /^\s+((?:File|Directory|Tree) [a-z]+)\s*:?\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s+([\d.einfa+-]+)\s*$/;
const command = /^Command line used:\s*(.*)$/;

export const mdtest = lineReader({
  id: "mdtest",
  title: "mdtest: metadata operations of a file system",
  accepts: (text) => /^mdtest-\S+ was launched with/m.test(text),
  begin(_name, emit) {
    const problems = problemList();
    const facts: Record<string, string | number> = {};
    let known: Record<string, number | boolean> = {};
    let block: "rate" | "time" | undefined;
    let notRun = 0;

    const readRow = (text: string, line: number, [, phase = "", ...printed]: RegExpExecArray): void => {
      const [most, least, mean] = printed.map(Number) as [number, number, number];
      if (mean === 0) {
        notRun++;
        return;
      }
      if (![most, least, mean].every((value) => Number.isFinite(value) && value >= 0)) return problems.add(line, text, "rates or times of zero or more");
      const values: ImportedRow["values"] = block === "time" ? { time_s: mean, least_s: least, most_s: most } : { operations_per_s: mean, least_operations_per_s: least, most_operations_per_s: most };
      emit({ line, benchmark: `mdtest-${phase.toLowerCase().replace(" ", "-")}`, case: known, values });
    };

    return {
      line(text, number, cutOff) {
        const found = row.exec(text);
        if (found && block && !cutOff) return readRow(text, number, found);
        if (found && block) return problems.add(number, text, "a whole row");
        const kind = summary.exec(text)?.[1];
        if (kind) {
          block = kind as "rate" | "time";
          return;
        }
        const start = launched.exec(text);
        if (start) {
          facts["version"] = start[1] ?? "";
          facts["nodes"] = Number(start[3]);
          known = { tasks: Number(start[2]), nodes: Number(start[3]) };
          block = undefined;
          return;
        }
        const count = counted.exec(text);
        if (count) known = { ...known, tasks: Number(count[1]), items: Number(count[2]) };
        const line = command.exec(text)?.[1];
        const bytes = line === undefined ? undefined : Number(/["' ]-w["' ]+(\d+)/.exec(line)?.[1]);
        if (line !== undefined) known = { ...known, ...given({ writtenBytes: bytes !== undefined && Number.isFinite(bytes) ? bytes : undefined, uniqueFolders: /["' ]-u["' ]/.test(line) ? true : undefined }) };
      },
      end: () => ({ facts, asks: [], documents: [], excluded: notRun > 0 ? [{ rule: "phase-not-run", count: notRun }] : [], problems: problems.list() }),
    };
  },
});

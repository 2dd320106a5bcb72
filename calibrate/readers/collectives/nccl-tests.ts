/** Output of nccl-tests and rccl-tests as rows: one for the out-of-place time of a size, one for the in-place time. The grammar is read in ../nccl-tests.ts. */
import { ncclTests } from "../nccl-tests.ts";
import type { Ask, ImportedRow } from "../reader.ts";
import { cleanText, wholeTextReader } from "../text.ts";

export const ncclTestsReader = wholeTextReader({
  id: "nccl-tests",
  title: "nccl-tests, rccl-tests: collectives of NVIDIA and AMD devices",
  accepts: ncclTests.accepts,
  read(text, name, emit) {
    const table = ncclTests.read(cleanText(text), name);
    const { operation, ranks } = table;
    const benchmark = operation.operation ?? "collective";
    for (const row of table.rows) {
      const given: ImportedRow["case"] = {
        bytes: row.bytes,
        type: row.type,
        ...(row.reduction === undefined ? {} : { reduction: row.reduction }),
        ...(row.root === undefined || row.root < 0 ? {} : { root: row.root }),
        ...(row.part === undefined ? {} : { part: row.part }),
        ...(ranks.ranks === undefined ? {} : { ranks: ranks.ranks }),
      };
      const wrong = row.wrong > 0 ? (["wrong-result"] as const) : [];
      if (row.outOfPlace_s !== undefined) emit({ line: row.line, benchmark, case: given, values: { time_s: row.outOfPlace_s }, ...(wrong.length > 0 ? { marks: wrong } : {}) });
      if (row.inPlace_s !== undefined) emit({ line: row.line, benchmark, case: { ...given, inPlace: true }, values: { time_s: row.inPlace_s }, marks: ["in-place", ...wrong] });
    }
    const asks: Ask[] = [];
    if (operation.operation === undefined) asks.push({ key: "operation", expected: "which collective was timed" });
    if (ranks.ranks === undefined) asks.push({ key: "ranks", expected: "how many devices took part" });
    if (table.hosts.length === 0) asks.push({ key: "nodes", expected: "over how many nodes the ranks were spread" });
    const facts: Record<string, string | number> = {};
    if (ranks.ranks !== undefined) facts["ranks"] = ranks.ranks;
    if (table.hosts.length > 0 && table.wholeRankList) facts["nodes"] = table.hosts.length;
    if (table.devices.length > 0) facts["devices"] = table.devices.join(", ");
    if (table.software.length > 0) facts["software"] = table.software.join(", ");
    return { facts, asks, documents: [], excluded: table.excluded, problems: table.problems };
  },
});

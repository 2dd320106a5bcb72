/** Output of nccl-tests and rccl-tests as rows: one for the out-of-place time of a size, one for the in-place time. The grammar is read in ../nccl-tests.ts. */
import { ncclTests, startNcclTests, type CollectiveRow, type CollectiveTable } from "../nccl-tests.ts";
import type { Ask, Emit, ImportedHead } from "../reader.ts";
import { lineReader } from "../text.ts";

export const ncclTestsReader = lineReader({
  id: "nccl-tests",
  title: "nccl-tests, rccl-tests: collectives of NVIDIA and AMD devices",
  accepts: ncclTests.accepts,
  begin(name, emit) {
    const reading = startNcclTests(name);
    return {
      line: (text, line) => reading.line(text, line),
      span: reading.span,
      end() {
        const table = reading.end();
        for (const row of table.rows) emitTimes(row, table, emit);
        return headOf(table);
      },
    };
  },
});

function emitTimes(row: CollectiveRow, { operation, ranks: { ranks } }: CollectiveTable, emit: Emit): void {
  const benchmark = operation.operation ?? "collective";
  const given = caseOf(row, ranks);
  const { line } = row;
  const isWrong = row.wrong > 0;
  if (row.outOfPlace_s !== undefined) emit({ line, benchmark, case: given, values: { time_s: row.outOfPlace_s }, ...(isWrong ? { marks: ["wrong-result"] } : {}) });
  if (row.inPlace_s !== undefined) emit({ line, benchmark, case: Object.assign(caseOf(row, ranks), { inPlace: true }), values: { time_s: row.inPlace_s }, marks: isWrong ? ["in-place", "wrong-result"] : ["in-place"] });
}

function caseOf({ bytes, type, reduction, root, part }: CollectiveRow, ranks: number | undefined): Record<string, string | number> {
  const given: Record<string, string | number> = { bytes, type };
  if (reduction !== undefined) given["reduction"] = reduction;
  if (root !== undefined && root >= 0) given["root"] = root;
  if (part !== undefined) given["part"] = part;
  if (ranks !== undefined) given["ranks"] = ranks;
  return given;
}

function headOf({ operation, ranks, hosts, wholeRankList, devices, software, excluded, problems }: CollectiveTable): ImportedHead {
  const asks: Ask[] = [];
  if (operation.operation === undefined) asks.push({ key: "operation", expected: "which collective was timed" });
  if (ranks.ranks === undefined) asks.push({ key: "ranks", expected: "how many devices took part" });
  if (hosts.length === 0) asks.push({ key: "nodes", expected: "over how many nodes the ranks were spread" });
  const facts: Record<string, string | number> = {};
  if (ranks.ranks !== undefined) facts["ranks"] = ranks.ranks;
  if (hosts.length > 0 && wholeRankList) facts["nodes"] = hosts.length;
  if (devices.length > 0) facts["devices"] = devices.join(", ");
  if (software.length > 0) facts["software"] = software.join(", ");
  return { facts, asks, documents: [], excluded, problems };
}

/** Memory of a transformer's stages against the capacity, and what would make it fit. Stages alike are one row. */
import { groupStages, memoryPartNames, type StageGroup } from "../../model/memory/groups.ts";
import type { TransformerPoint } from "../../model/prediction-transformer.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount, showError } from "./quantities.ts";
import { writeTable } from "./table.ts";

const gib = (bytes: number): string => formatNumber(bytes / 2 ** 30, 3);
const verdicts = { fits: "fits", tight: "is tight", "does not fit": "does not fit" } as const;

/** First, second and last, the fullest, and some between. */
function pickRows(rows: readonly StageGroup[], fullest: number): StageGroup[] {
  if (rows.length <= 10) return [...rows];
  const step = (rows.length - 1) / 7;
  const wanted = new Set([0, 1, ...Array.from({ length: 7 }, (_, index) => Math.round((index + 1) * step)), rows.findIndex(({ first, last }) => first <= fullest && fullest <= last)]);
  return rows.filter((_, index) => wanted.has(index));
}

export function writeMemory({ devices, memory, remedies, stepTime_s }: TransformerPoint, look: Look): string[] {
  if (memory === null) return [];
  const { capacity_bytes, fullest, answer, stages } = memory;
  const all = groupStages(stages);
  const rows = pickRows(all, fullest.stage);
  const groups = memoryPartNames.filter(({ parts }) => all.some(({ stage }) => stage.parts.some(({ part, bytes }) => parts.includes(part) && bytes > 0)));
  const column = (head: string, of: (row: (typeof rows)[number]) => number) => ({ head, unit: "GiB", cells: rows.map((row) => gib(of(row))) });
  return [
    bold(`Memory at ${showCount(devices)} GPUs: ${verdicts[answer]}; stage ${fullest.stage} needs ${showQuantity(fullest.device.bytes, "data")} of ${showQuantity(capacity_bytes, "data")}`, look),
    writeTable(
      [
        { head: rows.length > 1 || stages.length > 1 ? "stage" : "", align: "left", cells: rows.map(({ first, last }) => (first === last ? String(first) : `${first} – ${last}`)) },
        ...groups.map(({ name, parts }) => column(name, ({ stage }) => stage.parts.filter(({ part }) => parts.includes(part)).reduce((sum, { bytes }) => sum + bytes, 0))),
        column("allocated", ({ stage }) => stage.allocated.bytes),
        column("reserved", ({ stage }) => stage.reserved.bytes),
        { head: "device", unit: "GiB", cells: rows.map(({ stage }) => `${gib(stage.device.bytes)} ± ${formatNumber((1.96 * stage.device.deviation_bytes) / 2 ** 30, 2)}`) },
        { head: "of it", unit: "%", cells: rows.map(({ stage }) => ((stage.device.bytes / capacity_bytes) * 100).toFixed(0)) },
      ],
      look,
      2,
    ),
    ...(rows.length < all.length ? [dim(`  ${stages.length} stages; those between lie between. --json has them all`, look)] : []),
    ...(remedies.length === 0 ? (answer === "fits" ? [] : ["  No single change of the layout makes it fit."]) : [
      "  What makes it fit, by its step time:",
      ...remedies.slice(0, 6).map((remedy) => wrap(`    ${remedy.label}: ${showQuantity(remedy.stepTime_s, "time")} (${showError(remedy.stepTime_s / stepTime_s.value - 1)} %), ${showQuantity(remedy.saves_bytes, "data")} less${remedy.answer === "tight" ? ", tight" : ""}`, look.width, "      ")),
    ]),
  ];
}

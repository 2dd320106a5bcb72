/** Counts that README.md quotes are those of the pages it sends the reader to. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readers } from "../../calibrate/readers/index.ts";

const pageOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const readme = pageOf("README.md");

/** Cells of the rows of the first table that follows `heading`. */
function rowsAfter(page: string, heading: string): string[][] {
  const lines = page.slice(page.indexOf(heading)).split("\n");
  const first = lines.findIndex((line) => line.startsWith("| -")) + 1;
  const rows = lines.slice(first);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith("|"))).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const quoted = (pattern: RegExp): number => Number(pattern.exec(readme)?.[1]?.replaceAll(",", "") ?? Number.NaN);

describe("README.md quotes", () => {
  it("the runs of docs/accuracy-transformers.md", () => {
    const [inSample] = rowsAfter(pageOf("docs/accuracy-transformers.md"), "## By protocol");
    expect(quoted(/([\d,]+) runs of transformers in detail/)).toBe(Number(inSample?.[1]));
  });

  it("the readings of docs/memory-accuracy.md", () => {
    const rows = rowsAfter(pageOf("docs/memory-accuracy.md"), "| family (kind) |");
    expect(rows.length).toBeGreaterThan(5);
    expect(quoted(/memory beside ([\d,]+) readings/)).toBe(rows.reduce((sum, [, readings]) => sum + Number(readings), 0));
  });
});

it("README.md shows what the flagship runs give now, to the digits that it prints", () => {
  const golden = (JSON.parse(readFileSync(new URL("../golden/validation.json", import.meta.url), "utf8")) as Record<string, Record<string, { predicted: number; low95: number; high95: number; error: number }>>)["leave-one-series-out"] ?? {};
  const rows = rowsAfter(readme, "| run | figure | published |");
  const points = ["summit-deeplabv3plus-fp16-2018 sustained", "summit-deeplabv3plus-fp32-2018 sustained", "summit-deeplabv3plus-fp32-2018 efficiency", "piz-daint-tiramisu-2018 sustained", "piz-daint-tiramisu-2018 efficiency"];
  expect(rows).toHaveLength(points.length);
  for (const [index, point] of points.entries()) {
    const [, , , predicted = "", interval = "", error = ""] = rows[index] ?? [];
    const scale = predicted.endsWith("%") ? 100 : 1e-15;
    const now = golden[point] ?? { predicted: Number.NaN, low95: Number.NaN, high95: Number.NaN, error: Number.NaN };
    const shown: Array<[string, number]> = [[predicted.split(" ")[0] ?? "", now.predicted * scale], [interval.split(" – ")[0] ?? "", now.low95 * scale], [interval.split(" – ")[1] ?? "", now.high95 * scale], [error.replace("−", "-").replace(" %", ""), now.error * 100]];
    for (const [text, value] of shown) {
      const digits = text.split(".")[1]?.length ?? 0;
      expect(Math.abs(Number(text.replaceAll(",", "")) - value), `${point}: ${text}`).toBeLessThanOrEqual(0.501 * 10 ** -digits);
    }
  }
});

it("docs/readers.md has a row for every reader, and says how many there are", () => {
  const page = pageOf("docs/readers.md");
  expect(page).toContain(`${readers.length} readers;`);
  for (const { id } of readers) expect(page, id).toContain(`| \`${id}\` |`);
});

it("docs/checks.md counts the rows that it has, part by part", () => {
  const page = pageOf("docs/checks.md");
  const parts = rowsAfter(page, "| part |");
  expect(parts.length).toBeGreaterThan(4);
  for (const [part = "", figures = ""] of parts) expect(rowsAfter(page, `## ${part}\n`).length, part).toBe(Number(figures));
});

/**
 * Comma-separated values with a column of steps and one of times or rates: exports of W&B, TensorBoard and own loggers. Columns are known by their names; which of several
 * similar ones is meant is the user's to say (a mapping of columns), so candidates are asked for. Others are kept as printed.
 */
import { splitCsv } from "../csv.ts";
import type { Ask, ImportedRow } from "../reader.ts";
import { wholeTextReader } from "../text.ts";
import { emitSteps } from "./steps.ts";

interface Meaning {
  readonly pattern: RegExp;
  readonly quantity: string;
  readonly factor: number;
}

/** First match wins; a unit in the name decides the factor. */
const meanings: readonly Meaning[] = [
  { pattern: /(?:step|iter(?:ation)?|batch)[\s_/-]*(?:time|duration|latency)[\s_(]*ms\b|\bms[\s_/]*(?:per|\/)[\s_]*(?:step|iter|batch)/i, quantity: "time_s", factor: 1e-3 },
  { pattern: /(?:step|iter(?:ation)?|batch)[\s_/-]*(?:time|duration|latency)|(?:time|seconds|sec)[\s_/]*(?:per|\/)[\s_]*(?:step|iter|batch)/i, quantity: "time_s", factor: 1 },
  { pattern: /(?:tokens|tok)[\s_/]*(?:per|\/)[\s_]*(?:s|sec|second)s?[\s_/]*(?:per[\s_]*|\/)?(?:gpu|device)|\btps\b/i, quantity: "throughputPerDevice_tokens_per_s", factor: 1 },
  { pattern: /(?:tokens|tok)[\s_/]*(?:per|\/)[\s_]*(?:s|sec|second)/i, quantity: "throughput_tokens_per_s", factor: 1 },
  { pattern: /(?:samples|sequences|images|examples)[\s_/]*(?:per|\/)[\s_]*(?:s|sec|second)/i, quantity: "throughput_samples_per_s", factor: 1 },
  { pattern: /tflops?\b/i, quantity: "ratePerDevice_flop_per_s", factor: 1e12 },
  { pattern: /(?:^|[\s_/.-])loss$/i, quantity: "loss", factor: 1 },
];
const stepColumn = /^(?:.*[/_. ])?(?:global_?step|_?step|iteration|iter|batch_idx)$/i;

const isStepTable = (head: readonly string[]): boolean => head.some((name) => stepColumn.test(name.trim())) && head.some((name) => meanings.some(({ pattern, quantity }) => quantity !== "loss" && pattern.test(name)));

export const stepCsv = wholeTextReader({
  id: "step-csv",
  title: "CSV with steps and their times or rates (W&B, TensorBoard, own loggers)",
  accepts: (text) => isStepTable(splitCsv(text.slice(0, Math.max(0, text.indexOf("\n"))))[0] ?? []),
  read(text, _name, emit) {
    const [head = [], ...lines] = splitCsv(text);
    const step = head.findIndex((name) => stepColumn.test(name.trim()));
    const meaning = head.map((name, index) => (index === step ? undefined : meanings.find(({ pattern }) => pattern.test(name))));
    const chosen = new Map<string, number>();
    const doubtful = new Map<string, string[]>();
    meaning.forEach((one, index) => {
      if (!one) return;
      if (chosen.has(one.quantity)) doubtful.set(one.quantity, [...(doubtful.get(one.quantity) ?? [head[chosen.get(one.quantity) ?? 0] ?? ""]), head[index] ?? ""]);
      else chosen.set(one.quantity, index);
    });
    const rows: ImportedRow[] = [];
    const problems: Array<{ line: number; got: string; expected: string }> = [];
    let empty = 0;
    const last = text.split("\n").length;
    lines.forEach((cells, index) => {
      const line = Math.min(index + 2, last);
      if (cells.every((cell) => cell.trim() === "")) return;
      const number = Number(cells[step]?.trim() || Number.NaN);
      const values: Record<string, number> = {};
      for (const [quantity, column] of chosen) {
        const value = Number(cells[column]?.trim() || Number.NaN) * (meaning[column]?.factor ?? 1);
        if (Number.isFinite(value) && (value > 0 || quantity === "loss")) values[quantity] = value;
      }
      if (!Number.isFinite(number)) problems.push({ line, got: cells.join(",").slice(0, 100), expected: `a number in ${head[step] ?? "the column of steps"}` });
      else if (Object.keys(values).length === 0) empty++;
      else {
        const other = Object.fromEntries(head.flatMap((name, at) => (at === step || [...chosen.values()].includes(at) || (cells[at] ?? "") === "" ? [] : [[name, cells[at] ?? ""]])));
        rows.push({ line, benchmark: "training-step", case: { step: number }, values, ...(Object.keys(other).length > 0 ? { other } : {}) });
      }
    });
    emitSteps(rows, [...chosen.keys()].find((quantity) => quantity !== "loss") ?? "time_s", emit);
    const asks: Ask[] = [...doubtful].map(([quantity, choices]) => ({ key: quantity, expected: `which column; ${choices[0]} was taken`, choices }));
    return { facts: {}, asks: [...asks, { key: "devices", expected: "how many devices trained" }, { key: "machine", expected: "the machine it ran on" }], documents: [], excluded: empty > 0 ? [{ rule: "row-without-value", count: empty }] : [], problems: problems.slice(0, 200) };
  },
});

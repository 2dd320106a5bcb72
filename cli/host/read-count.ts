/** Counts as people write them: 15.6T tokens, 300B, 1_000_000. Prefixes are powers of a thousand; B is a thousand million, as model cards use it. */
import { wrongValue, type Problem } from "../../model/problems.ts";

const scales: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, B: 1e9, G: 1e9, T: 1e12 };

export function readCount(option: string, text: string, problems: Problem[]): number {
  const [, digits, suffix = ""] = /^(\d[\d_,]*(?:\.\d+)?(?:e\d{1,2})?)\s*([kMBGT]?)$/.exec(text.trim()) ?? [];
  const value = Number((digits ?? "").replaceAll(/[_,]/g, "")) * (scales[suffix] ?? 1);
  if (digits !== undefined && value > 0 && value <= 1e18) return value;
  problems.push(wrongValue(option, text, "a number above zero, such as 15.6T, 300B or 100000"));
  return Number.NaN;
}

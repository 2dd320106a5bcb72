/**
 * docs/by-hand.md beside the program: every figure in a column `program`, and the hand computation beside it, lies within a percent of what the program gives now, so
 * that a refit in the third digit does not rewrite the page and anything larger does. A row that this test does not know fails, and so does one that is missing on the page.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { runJson } from "../cli/harness.ts";

interface Explained {
  readonly stepTime_s: { readonly value: number };
  readonly terms: readonly { readonly term: string; readonly time_s: number; readonly overlapped_s?: number; readonly equation: string }[];
}
interface Predicted {
  readonly points: readonly { readonly devices: number; readonly rate_flop_per_s: { readonly value: number } }[];
}
interface Trained {
  readonly runs: readonly {
    readonly steps: number;
    readonly work_s: number;
    readonly wall_s: number;
    readonly effective: { readonly value: number };
    readonly checkpoint: { readonly bytes: number; readonly write_s: number; readonly load_s: number };
    readonly parts: readonly { readonly id: string; readonly time_s: number }[];
  }[];
}

const page = readFileSync(new URL("../../docs/by-hand.md", import.meta.url), "utf8");

/** Rows of the table that begins with this title, as what, by hand, program. */
function rowsOf(title: string): string[][] {
  const lines = page.split("\n");
  const head = lines.indexOf(`| ${title} | by hand | program |`);
  const rows = lines.slice(head + 2);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith("|"))).map((line) => line.slice(2, -2).split(" | "));
}

const numberOf = (cell: string): number => Number(cell.replaceAll(",", ""));
/** Half a unit of the last digit that the page prints. */
const halfDigit = (cell: string): number => 0.5 * 10 ** -(cell.split(".")[1]?.length ?? 0);

const day = 86_400;
const now: Record<string, Record<string, number>> = {};
let equations: Record<string, string> = {};

beforeAll(async () => {
  const summit = await runJson<Explained>(["explain", "summit-deeplabv3plus-fp16-2018"]);
  const predicted = await runJson<Predicted>(["predict", "summit-deeplabv3plus-fp16-2018", "--gpus", "27360"]);
  const gpt = await runJson<Explained>(["explain", "selene", "gpt3-175b", "--plan", "gpt3-175b-selective-2022"]);
  const bloom = await runJson<Explained>(["explain", "jean-zay-a100", "bloom-176b", "--plan", "bloom-176b-2022"]);
  const trained = (await runJson<Trained>(["train", "jean-zay-a100", "bloom-176b", "--plan", "bloom-176b-2022", "--tokens", "366B"])).runs[0];
  if (!trained) throw new Error("no run was told");
  const term = ({ terms }: Explained, name: string) => terms.find((one) => one.term === name) ?? { time_s: Number.NaN, overlapped_s: Number.NaN };
  const part = (id: string) => trained.parts.find((one) => one.id === id)?.time_s ?? Number.NaN;
  equations = Object.fromEntries(gpt.terms.map(({ term: name, equation }) => [name, equation]));
  now["flagship"] = {
    "compute at peak, ms": 1e3 * term(summit, "ideal-compute").time_s,
    "kernel inefficiency, ms": 1e3 * term(summit, "kernel-inefficiency").time_s,
    "memory, ms": 1e3 * term(summit, "memory-bound").time_s,
    "update, ms": 1e3 * term(summit, "optimizer").time_s,
    "all-reduce hidden, ms": 1e3 * (term(summit, "communication").overlapped_s ?? Number.NaN),
    "all-reduce shown, ms": 1e3 * term(summit, "communication").time_s,
    "stragglers, ms": 1e3 * term(summit, "stragglers").time_s,
    "step, ms": 1e3 * summit.stepTime_s.value,
    "sustained, PF/s": (predicted.points[0]?.rate_flop_per_s.value ?? Number.NaN) / 1e15,
  };
  now["GPT-3 175B"] = {
    "compute at peak, s": term(gpt, "ideal-compute").time_s,
    "kernel inefficiency, s": term(gpt, "kernel-inefficiency").time_s,
    "memory, s": term(gpt, "memory-bound").time_s,
    "tensor collectives, s": term(gpt, "tensor").time_s,
    "bubble, s": term(gpt, "pipeline-bubble").time_s,
    "messages, s": term(gpt, "pipeline-messages").time_s,
    "shared embedding, s": term(gpt, "data").time_s,
    "update, s": term(gpt, "optimizer").time_s,
    "head, s": term(gpt, "head").time_s,
    "slowest node, s": term(gpt, "jitter").time_s,
    "step, s": gpt.stepTime_s.value,
  };
  now["BLOOM 176B"] = {
    steps: trained.steps,
    "compute at peak, s": term(bloom, "ideal-compute").time_s,
    "tensor collectives, s": term(bloom, "tensor").time_s,
    "checkpoint, TB": trained.checkpoint.bytes / 1e12,
    "writing it, s": trained.checkpoint.write_s,
    "loading it, s": trained.checkpoint.load_s,
    "work, d": trained.work_s / day,
    "held by checkpoints, h": part("checkpoint") / 3600,
    "done again, d": part("recomputed") / day,
    "kept, %": 100 * trained.effective.value,
    "wall time, d": trained.wall_s / day,
  };
});

describe.each(["flagship", "GPT-3 175B", "BLOOM 176B"])("%s", (title) => {
  it("has a row for each figure and no other", () => {
    expect(rowsOf(title).map(([what]) => what)).toEqual(Object.keys(now[title] ?? {}));
  });

  it.each(rowsOf(title))("%s: %s by hand, %s by the program", (what = "", byHand = "", program = "") => {
    const value = now[title]?.[what] ?? Number.NaN;
    expect(Math.abs(value - numberOf(program))).toBeLessThanOrEqual(Math.max(0.01 * value, halfDigit(program)));
    expect(Math.abs(numberOf(byHand) - value)).toBeLessThanOrEqual(Math.max(0.01 * value, halfDigit(byHand)));
  });
});

describe("printed equations of GPT-3 175B", () => {
  it.each([
    ["optimizer", /\(memory share 0\.78\d? x 2\.04 TB\/s\)/, "the share of the bandwidth that 81.0 ms need"],
    ["pipeline-messages", /what shows \(0\.42\d\)/, "0.358 and a tenth of the rest"],
    ["tensor", /ranks wait [\d.]+ µs at each/, "what bytes do not explain"],
    ["data", /first and last stage sum the shared embedding/, "what one data rank sums"],
  ])("%s has %s: %s", (name, words) => {
    expect(equations[name]).toMatch(words);
  });
});

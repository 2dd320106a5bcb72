/**
 * What is done with published times of collectives that look wrong: rules by name, each with its reason, applied to what the file holds and never silently.
 * A rule leaves a row or a whole series out, replaces a value, or only remarks on it; a robust loss then bounds what a kept row can do.
 */

export interface Observation {
  readonly line: number;
  readonly bytes: number;
  readonly time_s: number;
}

export type RuleId = "columns-differ" | "wrong-results" | "one-rank" | "few-sizes" | "faster-than-size" | "goes-back" | "slower-between" | "ranks-disagree" | "starts-late" | "ends-early";
export type RuleEffect = "left-out" | "replaced" | "remarked";

export interface RuleHit {
  readonly rule: RuleId;
  readonly effect: RuleEffect;
  /** Sizes in bytes it was applied to; empty where it is about the whole series. */
  readonly bytes: readonly number[];
  readonly detail?: string;
}

/** Two columns that differ by more than this are not one quantity with noise. */
export const columnRatio = 1.25;
/** Time over size may not grow by more than this from one size to the next: no algorithm gets that much worse by having more to send. */
const growthRatio = 1.5;
const backRatio = 0.85;
const neighbourRatio = 1.05;
/** Fewer sizes leave most parameters at their priors. */
export const fewSizes = 8;
export const smallestStart_bytes = 1024;
export const largestEnd_bytes = 2 ** 30;

export const rules: Readonly<Record<RuleId, { readonly does: string; readonly reason: string }>> = {
  "columns-differ": { does: `takes the lesser of the two times where they differ by more than ${Math.round(100 * (columnRatio - 1))} %`, reason: "one of the two caught something else: a first use, another job" },
  "wrong-results": { does: "leaves the row out", reason: "the program found the results wrong" },
  "one-rank": { does: "leaves the series out", reason: "one rank has nobody to talk to: the time is that of a local copy or of nothing" },
  "few-sizes": { does: `fits, and says that priors decide: fewer than ${fewSizes} sizes`, reason: "the parameters cannot be told apart" },
  "faster-than-size": { does: "leaves the series out where it has few sizes, remarks on it else", reason: `time over size grows by more than ${growthRatio} from one size to the next, which no choice of algorithm explains: a fallback or a fault of the stack` },
  "goes-back": { does: "remarks", reason: "a larger message is faster by more than 15 %: the library switches too late; the model is monotone and the loss robust" },
  "slower-between": { does: "remarks", reason: "bandwidth at least 5 % below that of a smaller and of a larger size, above 64 MiB: a switch of algorithm in between" },
  "ranks-disagree": { does: "takes the number of ranks from the printed bandwidths", reason: "the program computed them from its own communicator; a list of ranks or a file's name can be of another run" },
  "starts-late": { does: "remarks: start, hop and Simple's extra per hop stay near their priors", reason: "no size of 1 KiB or less" },
  "ends-early": { does: "remarks: the bandwidth stays near its prior", reason: "no size of 1 GiB or more" },
};

interface TwoTimes {
  readonly line: number;
  readonly bytes: number;
  readonly outOfPlace_s?: number;
  readonly inPlace_s?: number;
  readonly wrong: number;
}

/** One time per row: out of place where the program gives it, the lesser of the two where they differ too much. */
export function takeTimes(rows: readonly TwoTimes[]): { readonly observations: readonly Observation[]; readonly hits: readonly RuleHit[] } {
  const observations: Observation[] = [];
  const replaced: number[] = [];
  const wrongOnes: number[] = [];
  for (const { line, bytes, outOfPlace_s, inPlace_s, wrong } of rows) {
    if (wrong > 0) {
      wrongOnes.push(bytes);
      continue;
    }
    const [out, place] = [outOfPlace_s ?? inPlace_s, inPlace_s ?? outOfPlace_s];
    if (out === undefined || place === undefined) continue;
    const differ = Math.max(out, place) > columnRatio * Math.min(out, place);
    if (differ) replaced.push(bytes);
    observations.push({ line, bytes, time_s: differ ? Math.min(out, place) : out });
  }
  const hits: RuleHit[] = [];
  if (wrongOnes.length > 0) hits.push({ rule: "wrong-results", effect: "left-out", bytes: wrongOnes });
  if (replaced.length > 0) hits.push({ rule: "columns-differ", effect: "replaced", bytes: replaced });
  return { observations, hits };
}

/** What a whole series looks like. A hit whose effect is "left-out" means that it is not to be fitted. */
export function judgeSeries(ranks: number, observations: readonly Observation[]): RuleHit[] {
  if (ranks < 2) return [{ rule: "one-rank", effect: "left-out", bytes: [] }];
  const rows = observations.toSorted((a, b) => a.bytes - b.bytes);
  const sizes = new Set(rows.map(({ bytes }) => bytes)).size;
  const few = sizes < fewSizes;
  const steep: number[] = [];
  const back: number[] = [];
  const slow: number[] = [];
  let fastest = 0;
  for (const [index, { bytes, time_s }] of rows.entries()) {
    const before = rows[index - 1];
    if (before && time_s / before.time_s > growthRatio * (bytes / before.bytes)) steep.push(bytes);
    if (before && time_s < backRatio * before.time_s) back.push(bytes);
    const rate = bytes / time_s;
    if (bytes > 2 ** 26 && neighbourRatio * rate < fastest && rows.slice(index + 1).some((later) => later.bytes / later.time_s > neighbourRatio * rate)) slow.push(bytes);
    fastest = Math.max(fastest, rate);
  }
  const hits: RuleHit[] = [];
  if (steep.length > 0) hits.push({ rule: "faster-than-size", effect: few ? "left-out" : "remarked", bytes: steep });
  if (few) hits.push({ rule: "few-sizes", effect: "remarked", bytes: [], detail: `${sizes}` });
  if (back.length > 0) hits.push({ rule: "goes-back", effect: "remarked", bytes: back });
  if (slow.length > 0) hits.push({ rule: "slower-between", effect: "remarked", bytes: slow });
  if (rows.length > 0 && rows[0]!.bytes > smallestStart_bytes) hits.push({ rule: "starts-late", effect: "remarked", bytes: [] });
  if (rows.length > 0 && rows.at(-1)!.bytes < largestEnd_bytes) hits.push({ rule: "ends-early", effect: "remarked", bytes: [] });
  return hits;
}

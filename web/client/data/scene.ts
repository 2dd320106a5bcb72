/** What a view draws: the state with the answers of the model that belong to it, and small readings of them that several panels share. */
import type { Alternatives } from "../../../model/index.ts";
import type { Estimate, ScalePoint, Term, TermGroup, TermId, Validation } from "../../../model/prediction.ts";
import type { Library, Selection } from "../../../model/scenario.ts";
import type { Dimension } from "../../../model/units.ts";
import { upperPrecision } from "../format.ts";
import type { Outcome, Published } from "../protocol.ts";
import type { State } from "../state.ts";

export interface Scene {
  state: State;
  library: Library;
  current: Outcome;
  /** The unchanged scenario; null while nothing is changed. */
  baseline: Outcome | null;
  /** A run of the same machine and workload with another plan. */
  secondary: Outcome | null;
  /** Computed at the active count alone, so that its input effects belong to that count. */
  inputs: Outcome | null;
  validation: Validation | null;
  /** At the active count; null while they are computed. */
  alternatives: Alternatives | null;
  active: number;
}

export function pointAt(outcome: Outcome, devices: number): ScalePoint | undefined {
  return outcome.prediction.points.find((point) => point.devices === devices);
}

export function activePoint(scene: Scene): ScalePoint {
  const points = scene.current.prediction.points;
  const point = pointAt(scene.current, scene.active) ?? points.at(-1);
  if (point === undefined) throw new Error("a prediction without points");
  return point;
}

export interface Measure {
  name: string;
  dimension: Dimension;
  of(point: ScalePoint): Estimate;
  published: Published["metric"];
}

const measures: Record<"flops" | "samples", Measure> = {
  flops: { name: "Sustained", dimension: "rate", of: (point) => point.rate_flop_per_s, published: "sustained-rate" },
  samples: { name: "Samples", dimension: "samples", of: (point) => point.throughput_samples_per_s, published: "throughput" },
};

/** FLOP/s, unless the run has published sample rates and no sustained rate: then those, so that something stands beside the curve. */
export function metricOf(scene: Pick<Scene, "state" | "current">): "flops" | "samples" {
  if (scene.state.metric !== "auto") return scene.state.metric;
  const has = (metric: Published["metric"]) => scene.current.published.some((item) => item.metric === metric);
  return has("throughput") && !has("sustained-rate") ? "samples" : "flops";
}

export const measureOf = (scene: Pick<Scene, "state" | "current">): Measure => measures[metricOf(scene)];

export const seriesName = (outcome: Outcome): string => upperPrecision(outcome.prediction.scenario.precision);

interface RawRun {
  machine?: unknown;
  workload?: unknown;
  plan?: unknown;
}

const rawRuns = (library: Library): Array<[string, RawRun]> => Object.entries(library.documents.run ?? {}).map(([id, raw]) => [id, (typeof raw === "object" && raw !== null ? raw : {}) as RawRun]);

/** The first other run of the same machine and workload with another plan, whose curve belongs beside this one. */
export function secondarySelection(library: Library, subject: State["subject"]): Selection | null {
  const own: RawRun = "run" in subject ? (rawRuns(library).find(([id]) => id === subject.run)?.[1] ?? {}) : subject;
  const other = rawRuns(library).find(([id, run]) => !("run" in subject && subject.run === id) && run.machine === own.machine && run.workload === own.workload && run.plan !== own.plan);
  return other && own.machine !== undefined ? { run: other[0] } : null;
}

/** Colour token of a term: one per family, so that eyes learn positions before colours. */
export const groupColour: Record<TermGroup, string> = {
  compute: "var(--compute)", memory: "var(--memory)", comm: "var(--comm)", storage: "var(--storage)", wait: "var(--wait)", host: "var(--host)", other: "var(--other)",
};

/** A second term of a family is the same hue, lighter. */
const lighter: ReadonlySet<TermId> = new Set(["kernel-inefficiency", "normalisation-exchange", "control-plane"]);
export const termOpacity = (id: TermId): number => (lighter.has(id) ? 0.66 : 1);

export interface Loss {
  term: Term;
  /** Points of efficiency lost to this term, as a fraction. */
  lost: number;
}

/** How the efficiency lost at a point divides among terms: (what the term takes there - what it takes on one device) / step time. The losses add up to 1 - efficiency. */
export function lossesOf(point: ScalePoint, single: ScalePoint): Loss[] {
  return point.terms.map((term) => {
    const alone = single.terms.find((other) => other.id === term.id)?.time_s ?? 0;
    return { term, lost: (term.time_s - alone) / point.stepTime_s.value };
  });
}

export function sourceTitle(library: Library, id: string): string {
  if (id === "changed-by-you") return "changed on this page";
  const source = library.sources[id];
  if (source === undefined) return id;
  const authors = (source.authors ?? "").split(/,| and /).map((name) => name.trim()).filter(Boolean);
  const title = [authors.length > 2 ? `${authors[0]} et al.` : source.authors, source.title].filter(Boolean).join(", ");
  return source.verified === "unverified" ? `${title} (recalled, not verified)` : title;
}

/** What a catalogue of runs of networks made of layers becomes. The names of documents are those that rules give; documents are looked up where the case is predicted. */
import type { Problem } from "../../../model/problems.ts";
import type { LayerCatalogueRules } from "../../../model/schema/layer-catalogue-rules.ts";
import type { Applied, SkippedRow } from "../catalogue/case.ts";

export interface LayerLayout {
  readonly devices: number;
  readonly samplesPerDevice: number;
}

export interface LayerCase {
  /** Series and position of the point in it, from 1. */
  readonly id: string;
  readonly series: string;
  readonly title: string;
  readonly year: number;
  /** Workload document. */
  readonly model: string;
  readonly machine: string;
  readonly stack: string;
  readonly layout: LayerLayout;
  readonly plan: LayerCatalogueRules["plan"];
  /** Steps of the epoch that the figure is averaged over, where it is: what an epoch costs beside its steps is in the figure. */
  readonly stepsPerEpoch: number | undefined;
  readonly measured: { readonly step_s: number; readonly metric: string; readonly value: number; readonly convention: string };
  /** Rules that put the row outside the score. */
  readonly flags: readonly Applied[];
  readonly assumed: readonly Applied[];
  /** Reason found for a miss, and what would settle it. */
  readonly remark: LayerCatalogueRules["remarks"][number] | undefined;
}

export interface ReadLayerCatalogue {
  readonly cases: readonly LayerCase[];
  readonly skipped: readonly SkippedRow[];
  readonly problems: readonly Problem[];
  /** What each rule says by which a point gives no case. */
  readonly meanings: Readonly<Record<string, string>>;
  readonly series: number;
  readonly points: number;
}

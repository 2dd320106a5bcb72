/** What a catalogue of published runs becomes: cases that a prediction can be compared with, and what was assumed or left out, each by the name of its rule. */
import type { Layout } from "../../../model/plan/layout.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Architecture } from "../../../model/workload/transformer/architecture.ts";

/** A rule that was applied, and what it did or found. */
export interface Applied {
  readonly rule: string;
  readonly what: string;
}

export type MemoryKind = "allocated" | "reserved" | "device" | "formula" | "unstated";

export interface CatalogueCase {
  /** Series and position of the point in it, from 1. */
  readonly id: string;
  readonly series: string;
  readonly title: string;
  /** Runs of one source and framework, for the table of results. */
  readonly family: string;
  readonly year: number;
  readonly model: string;
  readonly device: string;
  readonly machine: string;
  readonly stack: string;
  readonly architecture: Architecture;
  readonly layout: Layout;
  /** Devices that the fast link joins, where the row says so (chips of a TPU slice). */
  readonly domain: number | undefined;
  readonly measured: { readonly step_s: number; readonly metric: string; readonly value: number; readonly convention: string };
  readonly memory: { readonly bytes: number; readonly kind: MemoryKind } | undefined;
  readonly sparse: boolean;
  /** The source's numbers are computed, not measured: scored apart, and no device learns from them. */
  readonly computed: boolean;
  /** Rules that put the row outside the score. */
  readonly flags: readonly Applied[];
  readonly assumed: readonly Applied[];
}

export interface SkippedRow {
  readonly id: string;
  readonly series: string;
  readonly rule: string;
  readonly why: string;
}

export interface ReadCatalogue {
  readonly cases: readonly CatalogueCase[];
  readonly skipped: readonly SkippedRow[];
  readonly problems: readonly Problem[];
  readonly series: number;
  readonly points: number;
}

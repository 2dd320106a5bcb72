/** A scenario: the documents of one prediction, parsed, with every fact in SI. The library is all documents a host has read, unparsed. */
import type { Calibration } from "./schema/calibration.ts";
import type { Convergence } from "./schema/convergence.ts";
import type { Device } from "./schema/device.ts";
import type { StoredKind } from "./schema/index.ts";
import type { Grid } from "./schema/grid.ts";
import type { Machine } from "./schema/machine.ts";
import type { MemoryDocument } from "./schema/memory.ts";
import type { DataParallelPlan } from "./schema/plan.ts";
import type { LayoutPlan } from "./schema/plan-layout.ts";
import type { Price } from "./schema/price.ts";
import type { Run } from "./schema/run.ts";
import type { Sources } from "./schema/sources.ts";
import type { Stack } from "./schema/stack.ts";
import type { TransformerStack } from "./schema/stack-transformer.ts";
import type { TransformerWorkload } from "./schema/transformer.ts";
import type { LayerWorkload } from "./schema/workload.ts";

export interface Scenario {
  device: Device;
  /** The other kind of device, where the machine document names one. */
  otherDevice?: Device;
  machine: Machine;
  workload: LayerWorkload;
  plan: DataParallelPlan;
  stack: Stack;
  calibrations: Calibration[];
  /** Documents that say how much training this workload needs. */
  convergence?: Convergence[];
  market?: Market;
  /** The run this scenario stands for: its own validation points must not inform it. */
  run: Run | null;
  changes: Changes;
}

/** A transformer, spread by a layout, on a stack of its kind. */
export interface TransformerScenario {
  device: Device;
  otherDevice?: Device;
  machine: Machine;
  workload: TransformerWorkload;
  plan: LayoutPlan;
  stack: TransformerStack;
  /** What the stack keeps in device memory; null where it names no document. */
  memory: MemoryDocument | null;
  calibrations: Calibration[];
  /** Documents that say how much training this workload needs. */
  convergence?: Convergence[];
  market?: Market;
  run: Run | null;
  changes: Changes;
}

/** What electricity of the machine emits, where its document names a grid, and all price documents. */
export interface Market {
  readonly grid: Grid | null;
  readonly prices: readonly Price[];
}

/** Changed values by path, such as {"plan.gradientLag": 0, "machine.node.injection": "12 GB/s"}. */
export type Changes = Record<string, string | number | boolean>;

/** What a user picks: a run, or the four documents. */
export type Selection =
  | { run: string; changes?: Changes }
  | { machine: string; workload: string; plan: string; stack: string; changes?: Changes };

/** Raw JSON documents by kind and id, as a host read them. */
export interface Library {
  documents: Record<StoredKind, Record<string, unknown>>;
  sources: Sources;
}

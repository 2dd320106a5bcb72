/** Values of the axes of a search: divisors of what each degree must divide, or what the user lists. Whether a layout is valid is asked of plan/find-faults.ts. */
import type { PipelineSchedule, Recompute, Sharding } from "../plan/layout.ts";
import type { SearchProblem } from "./problem.ts";

/** In rising order. */
export function divisorsOf(total: number): number[] {
  const small: number[] = [];
  const large: number[] = [];
  for (let divisor = 1; divisor * divisor <= total; divisor++) {
    if (total % divisor !== 0) continue;
    small.push(divisor);
    if (divisor * divisor !== total) large.unshift(total / divisor);
  }
  return [...small, ...large];
}

/** Those of the list, or all where there is none. */
export const among = <T>(values: readonly T[], allowed: readonly T[] | undefined): readonly T[] => (allowed === undefined ? values : values.filter((value) => allowed.includes(value)));

export function tensorDegrees({ architecture, axes }: SearchProblem, devices: number): readonly number[] {
  return among(divisorsOf(devices).filter((value) => architecture.attention.heads % value === 0), axes.tensor);
}

export const contextDegrees = ({ axes, base, architecture, supports }: SearchProblem, ranks: number): readonly number[] => 
  among(divisorsOf(ranks).filter((value) => (base.sequence ?? architecture.sequence) % value === 0 && (value === 1 || supports.contextSchemes?.length !== 0)), axes.context);

/** Pairs of expert ranks and tensor ranks of an expert. */
export function expertDegrees({ architecture: { experts }, axes }: SearchProblem, devices: number): Array<readonly [number, number]> {
  if (experts === null) return [[1, 1]];
  const degrees: Array<readonly [number, number]> = [];
  for (const expert of among(divisorsOf(experts.count), axes.expert)) for (const expertTensor of among(divisorsOf(experts.inner), axes.expertTensor)) if (devices % (expert * expertTensor) === 0) degrees.push([expert, expertTensor]);
  return degrees;
}

export interface StageShape {
  readonly pipeline: number;
  readonly virtualStages: number;
  readonly schedule: PipelineSchedule;
}

const flatSchedules: readonly PipelineSchedule[] = ["1f1b", "gpipe", "zero-bubble", "dualpipe"];
const foldedSchedules: readonly PipelineSchedule[] = ["interleaved"];

export function stageShapes({ architecture, axes, base, supports }: SearchProblem, ranks: number): StageShape[] {
  const shapes: StageShape[] = [];
  const layers = architecture.layers + architecture.encoderLayers;
  const counted = base.split === "embedding-as-layer" ? layers + 2 : layers;
  const pieces = divisorsOf(counted);
  for (const pipeline of among(divisorsOf(ranks), axes.pipeline)) {
    if (pipeline > counted || !(axes.data?.includes(ranks / pipeline) ?? true)) continue;
    if (pipeline === 1) {
      shapes.push({ pipeline, virtualStages: 1, schedule: "1f1b" });
      continue;
    }
    for (const virtualStages of among([1, ...pieces.filter((parts) => parts > pipeline && parts % pipeline === 0).map((parts) => parts / pipeline)], axes.virtualStages)) {
      for (const schedule of among(among(virtualStages === 1 ? flatSchedules : foldedSchedules, supports.pipelineSchedules ?? undefined), axes.schedule)) shapes.push({ pipeline, virtualStages, schedule });
    }
  }
  return shapes;
}

export interface ShardingVariant {
  readonly sharding: Sharding;
  readonly reshardAfterForward: boolean | undefined;
}

const shardings: readonly Sharding[] = ["none", "optimizer", "gradients", "parameters"];

/** One rank has nothing to divide: then all are the same, and the least that is allowed is taken. */
export function shardingVariants({ axes, base }: SearchProblem, ranks: number): ShardingVariant[] {
  const variants = among(shardings, axes.sharding).flatMap((sharding): ShardingVariant[] => (sharding === "parameters" ? (axes.reshardAfterForward ?? [base.reshardAfterForward]) : [undefined]).map((reshardAfterForward) => ({ sharding, reshardAfterForward })));
  return ranks === 1 ? variants.slice(0, 1) : variants;
}

const recomputes: readonly Recompute[] = ["none", "selective", "block", "full"];

/** `modules` only where it is asked for, with the modules of `base`. */
export const recomputesOf = ({ axes }: SearchProblem): readonly Recompute[] => (axes.recompute?.includes("modules") ? [...among(recomputes, axes.recompute), "modules"] : among(recomputes, axes.recompute));

/** Numbers of recomputed layers that `block` may have where the fullest stage holds `most`; all of them are `full`, and counted once unless they are asked for. */
export function blockCounts({ axes }: SearchProblem, most: number): readonly number[] {
  return among(Array.from({ length: axes.recomputedLayers === undefined ? most - 1 : most }, (_, index) => index + 1), axes.recomputedLayers);
}

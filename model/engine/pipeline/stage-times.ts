/**
 * Time of one micro-batch on every stage, in forward pass, data gradients and weight gradients. A layer takes the 5-norm of what its kernels and messages take and what the
 * host needs to launch them; the larger one hides the other. Interleaved stages feel `headShare` of the loss head, as pieces of other stages fill the gap.
 */
import { parameterIndex, type TransformerValues } from "../../cost/transformer/parameters.ts";
import type { Layout } from "../../plan/layout.ts";
import * as columns from "../../program/transformer/columns.ts";
import type { TransformerProgram } from "../../program/transformer/columns.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { Block, encoderKind, followingBlocks, launchPart, layerKindCount, layerParts, mixerBlocks, Part, partCount } = columns;
const at = parameterIndex;

export interface StageTimes {
  /** By run of equal stages: of one stage and micro-batch. */
  forward: Float64Array;
  data: Float64Array;
  weight: Float64Array;
  /** Of the above, what embedding, head and extra predictions take. */
  ends: Float64Array;
}

const times: StageTimes = { forward: new Float64Array(64), data: new Float64Array(64), weight: new Float64Array(64), ends: new Float64Array(64) };

/** The same object for every call. */
export function stageTimes(program: TransformerProgram, layout: Layout, values: TransformerValues): StageTimes {
  const { runs } = program;
  if (times.forward.length < runs) for (const name of ["forward", "data", "weight", "ends"] as const) times[name] = new Float64Array(2 * runs);
  for (let place = 0; place < program.kinds; place++) timeLayer(program.present[place] as number, program, values);
  const { layerTimes } = program;
  const { forward, data, weight, ends } = times;
  for (let run = 0; run < runs; run++) {
    let f = 0;
    let b = 0;
    let w = 0;
    for (let place = 0; place < program.kinds; place++) {
      const kind = program.present[place] as number;
      const count = program.layers[run * layerKindCount + kind] as number;
      const row = kind * layerParts;
      f += count * (layerTimes[row + Part.forward] as number);
      b += count * (layerTimes[row + Part.data] as number);
      w += count * (layerTimes[row + Part.weight] as number);
    }
    const inner = f + b + w;
    const first = run === 0;
    const last = run === runs - 1;
    if (last && program.extra > 0) timeLayer(program.extraKind, program, values);
    if (first || last) {
      const heads = layout.virtualStages > 1 && layout.pipeline > 1 ? (values[at.headShare] as number) : 1;
      f += endPart(program, first, last, heads, Part.forward);
      b += endPart(program, first, last, heads, Part.data);
      w += endPart(program, first, last, heads, Part.weight);
    }
    forward[run] = f;
    data[run] = b;
    weight[run] = w;
    ends[run] = f + b + w - inner;
  }
  return times;
}

/** One pass of what the first and the last stage have besides their layers; `heads` counts the loss head. */
export function endPart(program: TransformerProgram, first: boolean, last: boolean, heads: number, part: number): number {
  const { sums, extra, layerTimes } = program;
  let time = first ? (sums[Block.embedding * partCount + part] as number) : 0;
  if (!last) return time;
  time += (heads + extra) * (sums[Block.head * partCount + part] as number);
  return extra > 0 ? time + extra * ((layerTimes[program.extraKind * layerParts + part] as number) + (sums[Block.projection * partCount + part] as number)) : time;
}

/** Once after the blocks were timed. */
function timeLayer(kind: number, program: TransformerProgram, values: TransformerValues): void {
  if ((program.timedKinds & (1 << kind)) !== 0) return;
  program.timedKinds |= 1 << kind;
  const { sums, layerTimes: layers } = program;
  const following = followingBlocks[kind] as number;
  const first = (mixerBlocks[kind] as number) * partCount;
  const second = following * partCount;
  // Decoder layers of a model with an encoder attend to it; without one nothing is in `cross`.
  const third = (kind === encoderKind ? Block.none : Block.cross) * partCount;
  const row = kind * layerParts;
  for (let part = 0; part < partCount; part++) layers[row + part] = (sums[first + part] as number) + (sums[second + part] as number) + (sums[third + part] as number);
  const f = layers[row + Part.forward] as number;
  const b = layers[row + Part.data] as number;
  const w = layers[row + Part.weight] as number;
  const passes = program.forwards + 1.6;
  let host = (values[at.layerLaunch] as number) * program.layerLaunches * passes + (values[at.tensorLaunch] as number) * program.tensorLaunches;
  if (following === Block.experts) host += ((values[at.expertLaunch] as number) * program.expertLaunches + (values[at.groupLaunch] as number) * program.groupLaunches) * passes;
  const slower = longerOf(f + b + w, host) / (f + b + w);
  layers[row + Part.forward] = f * slower;
  layers[row + Part.data] = b * slower;
  layers[row + Part.weight] = w * slower;
  layers[row + launchPart] = (f + b + w) * (slower - 1);
}

/** (x^5 + y^5)^(1/5); by its series where one hides the other, as a power costs as much as a whole layer. */
export function longerOf(x: number, y: number): number {
  const more = x > y ? x : y;
  const less = x > y ? y : x;
  const ratio = less / more;
  const power = ratio * ratio * ratio * ratio * ratio;
  return power < 1e-3 ? more * (1 + power * (0.2 - power * (0.08 - 0.048 * power))) : more * (1 + power) ** 0.2;
}

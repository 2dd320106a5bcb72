/**
 * A step by events: the same blocks as the closed form, each micro-batch on each stage, with the whole loss head on its piece. What a step has once is the closed form's.
 * Messages delay what waits for them; where the layout does not overlap them they take the sender's time as well.
 */
import { timeBlocks } from "../../../cost/transformer/operations.ts";
import type { TransformerHardware, TransformerValues } from "../../../cost/transformer/parameters.ts";
import { ratesOf } from "../../../cost/transformer/rates.ts";
import { timeStepRows } from "../../../cost/transformer/step-operations.ts";
import type { Layout } from "../../../plan/layout.ts";
import { buildTransformerProgram } from "../../../program/transformer/build.ts";
import { Block, firstStepBlock, Part, type TransformerProgram } from "../../../program/transformer/columns.ts";
import type { Architecture } from "../../../workload/transformer/architecture.ts";
import { endPart, stageTimes } from "../stage-times.ts";
import { Result } from "../terms.ts";
import { timeProgram } from "../time-step.ts";
import { simulatePipeline, type PipelineTimeline, type PipelineWork } from "./simulate.ts";

export interface SimulatedTransformerStep {
  readonly step_s: number;
  readonly analytic_s: number;
  readonly timeline: PipelineTimeline;
}

export function simulateTransformerStep(architecture: Architecture, layout: Layout, hardware: TransformerHardware, values: TransformerValues): SimulatedTransformerStep {
  const program = buildTransformerProgram(architecture, layout);
  const result = timeProgram(program, layout, hardware, values);
  const analytic_s = result[Result.step] as number;
  const jitter = result[Result.jitter] as number;
  const timeline = simulatePipeline(pipelineWork(program, layout, hardware, values));
  const rest_s = analytic_s - jitter - (result[Result.passes] as number);
  return { step_s: (timeline.makespan_s + rest_s) * (1 + jitter / (analytic_s - jitter)), analytic_s, timeline };
}

/** Stages and pieces with their times. */
export function pipelineWork(program: TransformerProgram, layout: Layout, hardware: TransformerHardware, values: TransformerValues): PipelineWork {
  const { schedule, pipeline, virtualStages, microBatches } = layout;
  const rates = ratesOf(hardware, values, layout, program.wideBytes, program.narrowBytes);
  timeBlocks(program, rates);
  timeStepRows(program, rates);
  const times = stageTimes(program, { ...layout, virtualStages: 1 }, values);
  const messages = program.stepTimes[Block.messages - firstStepBlock] as number;
  const message_s = pipeline > 1 ? messages / (2 * virtualStages) : 0;
  const blocking = layout.overlap.pipeline ? 0 : message_s;
  const pieces = pipeline * virtualStages;
  const work = { schedule, stages: pipeline, virtualStages, microBatches, message_s, forward_s: new Float64Array(pieces), data_s: new Float64Array(pieces), weight_s: new Float64Array(pieces) };
  const passes = [[work.forward_s, times.forward, Part.forward], [work.data_s, times.data, Part.data], [work.weight_s, times.weight, Part.weight]] as const;
  let stage = 0;
  for (let run = 0; run < program.runs; run++) {
    const first = run === 0;
    const last = run === program.runs - 1;
    for (let member = 0; member < (program.stages[run] as number); member++, stage++) {
      for (const [into, whole, part] of passes) {
        const layers = (whole[run] as number) - endPart(program, first, last, 1, part);
        for (let piece = 0; piece < virtualStages; piece++) into[piece * pipeline + stage] = layers / virtualStages + (part === Part.weight ? 0 : blocking);
        if (first) into[stage] = (into[stage] as number) + endPart(program, true, false, 1, part);
        if (last) into[pieces - 1] = (into[pieces - 1] as number) + endPart(program, false, true, 1, part);
      }
    }
  }
  return work;
}

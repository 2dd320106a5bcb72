/** What is asked of a trace when one of its steps becomes a program: pieces go in, a step comes out with what was assumed, or the problems that stand against it. */
import type { TracedOperation, TracedStep } from "../../model/program/traced.ts";
import type { LineProblem } from "../readers/reader.ts";

export interface CollectedStep {
  readonly step: TracedStep;
  /** Which of the steps, and of how many. */
  readonly name: string;
  readonly steps: number;
  readonly device: string | undefined;
  /** What was taken as given, for people. */
  readonly assumed: readonly string[];
}
export type Collected = { readonly collected: CollectedStep; readonly problems: readonly [] } | { readonly collected?: undefined; readonly problems: readonly LineProblem[] };

export interface Collector<Piece> {
  write(piece: Piece): void;
  end(): Collected;
}

/** Names of kernels that only a backward pass or an update has. */
const training = /backward|bwd|dgrad|wgrad|multi_tensor|adam|sgd|optimi[sz]er|fused_?lamb/i;

/** What any trace leaves open, told in the same words. */
export function assumptionsOf(operations: readonly TracedOperation[], ranks: number | undefined): string[] {
  const exchanges = operations.filter(({ work }) => work === "communication");
  const sized = exchanges.filter(({ collective }) => collective?.bytes !== undefined);
  const notes: string[] = [];
  if (exchanges.length === 0) notes.push("the trace has no collectives: nothing is exchanged at any size, so what a data-parallel run would sum is missing");
  else if (sized.length < exchanges.length) notes.push(`${exchanges.length - sized.length} of ${exchanges.length} collectives have no size in the trace: they keep their measured time`);
  if (exchanges.length > 0 && ranks === undefined) notes.push("the trace does not say of how many ranks it is: every group grows with the ranks");
  if (sized.some(({ collective }) => collective?.groupSize === undefined)) notes.push("collectives that name no group are taken as over all ranks");
  if (!operations.some(({ name }) => training.test(name))) notes.push("no kernel is named after a backward pass or an update: if the trace is of inference, ranks need no sum and this is no training step");
  return notes;
}

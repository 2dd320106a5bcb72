/** A program in words: its rows with names, sizes, FLOP and bytes, made from the columns when somebody asks. */
import { Block, blockNames, Format, layerKindCount, layerKinds, Operation, Phase, type TransformerProgram } from "./columns.ts";

export interface DescribedRow {
  readonly block: string;
  readonly phase: "forward" | "data-gradient" | "weight-gradient";
  readonly operation: string;
  readonly sizes: string;
  /** Products are in the recipe's narrow format. */
  readonly narrow: boolean;
  readonly repeat: number;
  readonly again: number;
  /** Of all repeats together. */
  readonly flop: number;
  readonly bytes: number;
  readonly time_s: number;
}

export interface DescribedProgram {
  readonly rows: readonly DescribedRow[];
  readonly stages: ReadonlyArray<{ readonly stages: number; readonly layers: Readonly<Record<string, number>> }>;
}

const operationNames = Object.keys(Operation) as Array<keyof typeof Operation>;
const phaseNames = ["forward", "data-gradient", "weight-gradient"] as const;

export function describeProgram(program: TransformerProgram): DescribedProgram {
  const rows = Array.from({ length: program.count }, (_, row): DescribedRow => {
    const times = at(program.repeat, row) + at(program.again, row);
    const kind = program.kind[row] ?? 0;
    return {
      block: blockNames[program.block[row] ?? Block.none] ?? "none",
      phase: phaseNames[program.phase[row] ?? Phase.forward] ?? "forward",
      operation: operationNames[kind] ?? "",
      sizes: showSizes(program, row),
      narrow: kind === Operation.product && program.format[row] === Format.narrow,
      repeat: at(program.repeat, row),
      again: at(program.again, row),
      flop: flopOfRow(program, row) * times,
      bytes: carriesBytes(kind) ? at(program.a, row) * times : 0,
      time_s: at(program.time_s, row),
    };
  });
  const stages = Array.from({ length: program.runs }, (_, run) => ({
    stages: at(program.stages, run),
    layers: Object.fromEntries(layerKinds.map((name, kind) => [name, at(program.layers, run * layerKindCount + kind)] as const).filter(([, count]) => count > 0)),
  }));
  return { rows, stages };
}

/** FLOP of one execution of a row: two per multiply-add, scores behind a mask not counted in fused attention. */
export function flopOfRow(program: TransformerProgram, row: number): number {
  const kind = program.kind[row];
  if (kind !== Operation.product && kind !== Operation.flash && kind !== Operation.unfused) return 0;
  return 2 * at(program.a, row) * at(program.b, row) * at(program.c, row) * at(program.d, row);
}

const at = (column: Float64Array, row: number): number => column[row] ?? 0;

const carriesBytes = (kind: number): boolean => kind >= Operation.elementwise && kind !== Operation.reduce && kind !== Operation.exponential;

function showSizes(program: TransformerProgram, row: number): string {
  const [a, b, c, d] = [at(program.a, row), at(program.b, row), at(program.c, row), at(program.d, row)];
  switch (program.kind[row]) {
    case Operation.product:
      return `${a} x ${b} x ${c}${d > 1 ? `, ${d} of them` : ""}`;
    case Operation.flash:
      return `${a} queries, ${b} keys each, ${c} channels`;
    case Operation.exponential:
      return `${a} queries, ${b} keys each, ${c} heads`;
    case Operation.unfused:
      return `${a} heads, ${b} scores each, ${c} channels`;
    case Operation.tensor:
    case Operation.context:
    case Operation.expert:
      return `${b} ranks`;
    case Operation.gather:
    case Operation.reduce:
      return `${b} ranks, ${c} apart`;
    default:
      return "";
  }
}

/**
 * Folds a program for scheduling: consecutive operations of the compute lane become one segment where nothing of another lane waits for the ones before its
 * last, or lets it wait. A schedule of the folded program has the same ends as one of the program (test/property), with a half to a sixth of the operations.
 * Operations whose cost depends on the number of devices stay apart.
 */
import { Kind, Lane, type Program } from "./types.ts";
import { createWriter } from "./writer.ts";

export interface Folded {
  readonly program: Program;
  /** Index of the folded operation that each operation went into. */
  readonly of: Int32Array;
}

/** Kinds whose cost depends on the number of devices. */
const atScale = new Set<number>([Kind.normalisationExchange, Kind.bucketCopy, Kind.compress, Kind.read, Kind.decode, Kind.classExchange, Kind.dividedUpdate]);

const known = new WeakMap<Program, Folded>();

export function foldProgram(program: Program): Folded {
  const before = known.get(program);
  if (before) return before;
  const folded = fold(program);
  known.set(program, folded);
  return folded;
}

function fold(program: Program): Folded {
  const { count, lane, kind, dependencyStart, dependencies } = program;
  const waitedFor = new Uint8Array(count);
  const waits = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    for (let at = dependencyStart[index] ?? 0; at < (dependencyStart[index + 1] ?? 0); at++) {
      const dependency = dependencies[at] ?? 0;
      if (lane[dependency] === lane[index]) continue;
      waitedFor[dependency] = 1;
      waits[index] = 1;
    }
  }
  const writer = createWriter();
  const of = new Int32Array(count);
  let open = -1;
  for (let index = 0; index < count; index++) {
    const foldable = lane[index] === Lane.compute && !atScale.has(kind[index] as number);
    if (!foldable || open < 0 || waits[index]) {
      const after: number[] = [];
      for (let at = dependencyStart[index] ?? 0; at < (dependencyStart[index + 1] ?? 0); at++) after.push(of[dependencies[at] ?? 0] ?? 0);
      const added = writer.add({
        kind: kind[index] ?? 0,
        lane: lane[index] ?? 0,
        bytes: program.bytes[index] ?? 0,
        number: program.number[index] ?? 0,
        layer: program.layer[index] ?? -1,
        after: after.filter((one) => one !== open || !foldable),
      });
      of[index] = added;
      if (foldable) open = added;
      else if (lane[index] === Lane.compute) open = -1;
    } else of[index] = open;
    if (foldable && waitedFor[index]) open = -1;
  }
  return { program: writer.pack(program.layers, program.samplesPerDevice), of };
}

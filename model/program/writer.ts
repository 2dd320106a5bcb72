/** Collects operations and packs them into a Program's columns. */
import type { Layer } from "../workload/layer.ts";
import type { Program } from "./types.ts";

export interface Operation {
  kind: number;
  lane: number;
  pass?: number;
  layer?: number;
  flop?: number;
  bytes?: number;
  number?: number;
  after?: readonly number[];
}

export interface Writer {
  /** Appends one operation and gives its index. */
  add(operation: Operation): number;
  pack(layers: readonly Layer[], samplesPerDevice: number): Program;
}

export function createWriter(): Writer {
  const operations: Operation[] = [];
  return {
    add(operation) {
      for (const dependency of operation.after ?? []) {
        if (dependency >= operations.length) throw new Error(`operation ${operations.length} depends on the later operation ${dependency}`);
      }
      operations.push(operation);
      return operations.length - 1;
    },
    pack(layers, samplesPerDevice) {
      const count = operations.length;
      const dependencyStart = new Uint32Array(count + 1);
      operations.forEach((operation, index) => (dependencyStart[index + 1] = (dependencyStart[index] ?? 0) + (operation.after?.length ?? 0)));
      return {
        layers,
        samplesPerDevice,
        count,
        kind: Uint8Array.from(operations, ({ kind }) => kind),
        lane: Uint8Array.from(operations, ({ lane }) => lane),
        pass: Uint8Array.from(operations, ({ pass }) => pass ?? 0),
        layer: Int32Array.from(operations, ({ layer }) => layer ?? -1),
        flop: Float64Array.from(operations, ({ flop }) => flop ?? 0),
        bytes: Float64Array.from(operations, ({ bytes }) => bytes ?? 0),
        number: Float64Array.from(operations, ({ number }) => number ?? 0),
        dependencyStart,
        dependencies: Uint32Array.from(operations.flatMap(({ after }) => after ?? [])),
      };
    },
  };
}

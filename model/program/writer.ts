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
  const kind: number[] = [];
  const lane: number[] = [];
  const pass: number[] = [];
  const layer: number[] = [];
  const flop: number[] = [];
  const bytes: number[] = [];
  const number: number[] = [];
  const dependencyStart: number[] = [0];
  const dependencies: number[] = [];
  return {
    add(operation) {
      const index = kind.length;
      for (const dependency of operation.after ?? []) {
        if (dependency >= index) throw new Error(`operation ${index} depends on the later operation ${dependency}`);
        dependencies.push(dependency);
      }
      dependencyStart.push(dependencies.length);
      kind.push(operation.kind);
      lane.push(operation.lane);
      pass.push(operation.pass ?? 0);
      layer.push(operation.layer ?? -1);
      flop.push(operation.flop ?? 0);
      bytes.push(operation.bytes ?? 0);
      number.push(operation.number ?? 0);
      return index;
    },
    pack(layers, samplesPerDevice) {
      return {
        layers,
        samplesPerDevice,
        count: kind.length,
        kind: new Uint8Array(kind),
        lane: new Uint8Array(lane),
        pass: new Uint8Array(pass),
        layer: new Int32Array(layer),
        flop: new Float64Array(flop),
        bytes: new Float64Array(bytes),
        number: new Float64Array(number),
        dependencyStart: new Uint32Array(dependencyStart),
        dependencies: new Uint32Array(dependencies),
      };
    },
  };
}

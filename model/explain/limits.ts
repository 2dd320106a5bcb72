/** In words: the limit that binds each operation of a step. */
import { timeConvolution } from "../compute/convolution.ts";
import type { Pass } from "../compute/convolution-types.ts";
import { convolutionShape, costAllReduce } from "../cost/index.ts";
import { prepare, type Prepared } from "../predict/prepare.ts";
import { Kind, passNames } from "../program/types.ts";
import type { Protocol } from "../resolve/parameters.ts";
import type { Scenario } from "../scenario.ts";
import { showQuantity } from "../units.ts";

/** Of all operations, in the order of the step program. */
export function limitsOf(scenario: Scenario, devices: number, protocol: Protocol = "leave-one-series-out"): string[] {
  const prepared = prepare(scenario, protocol);
  return Array.from({ length: prepared.program.count }, (_, index) => limitOf(prepared, index, devices));
}

export function limitOf(prepared: Prepared, index: number, devices: number): string {
  const { program, resources, kernels } = prepared;
  switch (program.kind[index]) {
    case Kind.convolution: {
      if (kernels.model.kind === "measured") return "measured on this device";
      const time = timeConvolution(convolutionShape(program, index), passNames[program.pass[index] ?? 0] as Pass, resources.compute, kernels.model.constants, resources.convolution);
      return `${time.limit} (${time.algorithm})`;
    }
    case Kind.memory:
    case Kind.optimizer:
    case Kind.bucketCopy:
    case Kind.compress:
    case Kind.dividedUpdate:
    case Kind.accumulate:
      return kernels.model.kind === "measured" ? "measured on this device" : "memory bandwidth";
    case Kind.allReduce:
      return allReduceLimit(prepared, index, devices);
    case Kind.exchange:
      return resources.asynchrony.exchange === "server" ? "servers, or the node's ports" : allReduceLimit(prepared, index, devices);
    case Kind.classExchange:
    case Kind.broadcast:
      return "injection";
    case Kind.hostTransfer:
      return "host link";
    case Kind.negotiate:
    case Kind.answer:
      return "busiest rank's host";
    case Kind.read:
      return "storage read";
    case Kind.decode:
      return "reader processes";
    case Kind.copy:
      return "host link";
    default:
      return "host";
  }
}

function allReduceLimit({ program, resources }: Prepared, index: number, devices: number): string {
  if (!resources.collectives.protocols) return resources.collectives.algorithm === "hierarchical" ? "node link, then injection" : "injection";
  const { runs, time_s, latency_s } = costAllReduce(program.bytes[index] ?? 0, resources, devices);
  return time_s > 0 ? `${runs}: latency ${showQuantity(latency_s / time_s, "fraction", 2)} of its time` : runs;
}

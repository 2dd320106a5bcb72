/** In words and numbers: the limit that decides each term of a step. */
import { costAllReduce, inputAt } from "../cost/index.ts";
import { busiestRequests, negotiationTime, treeDepth } from "../network/control-plane.ts";
import type { TermId } from "../prediction.ts";
import { Kind } from "../program/types.ts";
import { formatCount, formatNumber, showQuantity } from "../units.ts";
import { describeUnequal } from "../variability/describe.ts";
import { inputWords } from "./input.ts";
import type { Outputs } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";

export function describeLimits(prepared: Prepared, devices: number, outputs: Outputs): Record<TermId, string> {
  const { resources, program, scenario } = prepared;
  const { compute } = resources;
  const sums = totals(program, devices);
  const input = inputAt(resources, devices);
  const reduce = costAllReduce(sums.reduced_bytes, resources, devices);
  const negotiation = negotiationTime(resources.controlPlane, devices);
  const plane = resources.controlPlane;
  const slowest = [["read", input.read_s], ["decode", input.decode_s], ["copy", input.copy_s]] as const;
  const [stage, stage_s] = slowest.reduce((a, b) => (b[1] > a[1] ? b : a));
  return {
    "ideal-compute": `${showQuantity(sums.flop, "work")} at ${showQuantity(compute.peak_flop_per_s, "rate")} ${scenario.plan.precision.toUpperCase()} peak`,
    "kernel-inefficiency": `device table × stack factor ${formatNumber(resources.convolutionFactor)}`,
    "memory-bound": `${showQuantity(sums.memory_bytes, "data")} and copies at ${showQuantity(resources.memory_bytes_per_s, "bandwidth")}`,
    optimizer: `${showQuantity(sums.optimizer_bytes, "data")} at ${showQuantity(resources.memory_bytes_per_s, "bandwidth")}`,
    launch: `${formatCount(sums.launches)} kernels, ${resources.launchOperation_s > 0 ? `${showQuantity(resources.launchOperation_s, "time")} each not hidden` : "all launched ahead"}`,
    "normalisation-exchange": sums.exchanges > 0 ? `${formatCount(sums.exchanges)} exchanges of batch statistics` : "batch statistics are not shared",
    communication: devices === 1 ? "one device" : `${showQuantity(sums.reduced_bytes, "data")}: ${showQuantity(reduce.insideNode_s, "time")} inside nodes, ${showQuantity(reduce.betweenNodes_s, "time")} between${resources.collectives.protocols ? `, ${showQuantity(reduce.latency_s, "time")} latency and small pieces (${reduce.runs})` : ""}`,
    "control-plane": plane.kind === "none" || devices === 1 ? "no negotiation" : `${plane.kind} root, ${formatCount(busiestRequests(plane, devices))} requests a tensor, ${showQuantity(negotiation.perTensor_s * sums.tensors, "time")} in all${plane.kind === "tree" ? `, depth ${treeDepth(plane, devices)}` : ""}`,
    input: `slowest stage: ${stage}, ${showQuantity(stage_s, "time")} a step${outputs.terms.added_s.input > 0 ? `: ${inputWords(prepared, devices, outputs)}` : ""}`,
    stragglers: devices === 1 ? "one device" : [`slowest of ${formatCount(devices)} lags ${showQuantity(outputs.terms.lag, "fraction")}`, ...describeUnequal(resources.spread, devices)].join("; "),
  };
}

function totals(program: Prepared["program"], devices: number) {
  const sums = { flop: 0, memory_bytes: 0, optimizer_bytes: 0, launches: 0, exchanges: 0, reduced_bytes: 0, tensors: 0 };
  for (let index = 0; index < program.count; index++) {
    const bytes = program.bytes[index] ?? 0;
    sums.flop += program.flop[index] ?? 0;
    switch (program.kind[index]) {
      case Kind.memory: sums.memory_bytes += bytes; break;
      case Kind.optimizer: sums.optimizer_bytes += bytes; break;
      case Kind.dividedUpdate: sums.optimizer_bytes += bytes / devices; break;
      case Kind.launch: sums.launches += program.number[index] ?? 0; break;
      case Kind.normalisationExchange: sums.exchanges += program.number[index] ?? 0; break;
      case Kind.allReduce: sums.reduced_bytes += bytes; break;
      case Kind.negotiate: sums.tensors += program.number[index] ?? 0; break;
      default:
    }
  }
  return sums;
}

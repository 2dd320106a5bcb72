/** Costs that depend on how many devices take part: collectives, agreement, the shared input. */
import { exchangeAlone_s, serverFloor_s, type ExchangeNetwork } from "../asynchrony/exchange.ts";
import { groupsAt } from "../asynchrony/scheme.ts";
import { inputTimes, type InputTimes } from "../io/input.ts";
import { queueWait, type InputQueue } from "../io/queue.ts";
import type { CollectiveNetwork } from "../network/collectives/index.ts";
import { busiestServer } from "../network/busiest-server.ts";
import { negotiationTime } from "../network/control-plane.ts";
import { collectiveTerms, collectiveTime, type CollectiveTerms } from "../network/library/index.ts";
import { blockingTime_s, sharedRates, type SharedRates } from "../network/shared-core.ts";
import { Kind, type Program } from "../program/types.ts";
import { expectedMaximum } from "../variability/slowest.ts";
import type { GivenTimes, Resources } from "./types.ts";

export function networkAt(resources: Resources, devices: number): CollectiveNetwork {
  const devicesPerNode = Math.min(devices, resources.devicesPerNode);
  return { ...resources.collectives.network, devicesPerNode, nodes: Math.ceil(devices / devicesPerNode) };
}

export const costAllReduce = (bytes: number, resources: Resources, devices: number): CollectiveTerms => collectiveTerms(resources.collectives, "all-reduce", bytes, devices, resources.devicesPerNode);

export function inputAt(resources: Resources, devices: number): InputTimes {
  const { devicesPerNode, nodes } = networkAt(resources, devices);
  return inputTimes({ ...resources.input, devicesPerNode, nodes });
}

/** The buffer between workers and the step, by the slowest stage of the pipeline; null where no worker runs beside training. */
export function inputQueueAt(resources: Resources, devices: number): InputQueue | null {
  if (!resources.inputBeside) return null;
  const { read_s, decode_s, copy_s, readSpread, decodeSpread } = inputAt(resources, devices);
  const supply_s = Math.max(read_s, decode_s, copy_s);
  return { supply_s, spread: supply_s === read_s ? readSpread : supply_s === decode_s ? decodeSpread : 0, depth: resources.input.prefetch };
}

/** What input that varies adds to a step of that time without input. */
export function inputWaitAt(resources: Resources, devices: number, demand_s: number): number {
  const queue = inputQueueAt(resources, devices);
  return queue === null ? 0 : queueWait(queue, demand_s, devices, expectedMaximum);
}

/** How much longer memory-bound work takes than on one device alone. */
export const memorySharingAt = (resources: Resources, devices: number): number => (devices > 1 ? resources.memorySharing : 1);

/** How much longer products take than on one device alone. */
export const productSharingAt = (resources: Resources, devices: number): number => (devices > 1 ? resources.productSharing : 1);

/** Costs of a program, folded or not: those given, and those that depend on how many devices take part. */
export function costAtScale(program: Program, resources: Resources, devices: number, given: GivenTimes): Float64Array {
  const longer = memorySharingAt(resources, devices) - 1;
  const slower = productSharingAt(resources, devices) - 1;
  const time_s = longer > 0 || slower > 0 ? given.time_s.map((time, index) => time + longer * (given.shared_s[index] as number) + slower * (given.product_s[index] as number)) : given.time_s.slice();
  const { devicesPerNode } = networkAt(resources, devices);
  const input = inputAt(resources, devices);
  // Gradients are summed within synchronous groups; in synchronous training the one group is the whole job.
  const { size } = groupsAt(resources.asynchrony, devices);
  const negotiation = negotiationTime(resources.controlPlane, size);
  const blocking = (alone_s: number): number => (resources.blockingCollectives ? blockingTime_s(resources.sharedCore, alone_s) : alone_s);
  const gathered = resources.asynchrony.compression.method === "top-k";
  // What is compressed by places cannot be added up on the way: everybody gathers the parts of all.
  const busiest = resources.collectives.algorithm === "parameter-server" ? busiestServer(program.layers.flatMap(({ parameters }) => parameters), Math.ceil(size / devicesPerNode)) : 1;
  const sum_s = (bytes: number): number => busiest * blocking(collectiveTime(resources.collectives, gathered ? "all-gather" : "all-reduce", gathered ? bytes * size : bytes, size, Math.min(size, devicesPerNode)));
  for (let index = 0; index < program.count; index++) {
    switch (program.kind[index]) {
      case Kind.negotiate:
        time_s[index] = negotiation.perTensor_s * (program.number[index] ?? 0);
        break;
      case Kind.answer:
        // On average half a pause passes before a round picks the last request up.
        time_s[index] = size <= 1 ? 0 : negotiation.perBuffer_s + negotiation.roundTrip_s + resources.cycle_s / 2;
        break;
      case Kind.allReduce:
        time_s[index] = sum_s(program.bytes[index] ?? 0);
        break;
      case Kind.bucketCopy:
        if (size <= 1) time_s[index] = 0;
        break;
      case Kind.compress:
        if (devices <= 1) time_s[index] = 0;
        break;
      case Kind.classExchange:
        time_s[index] = blocking(classExchangeTime_s(resources, program.bytes[index] ?? 0, program.number[index] ?? 0, size));
        break;
      case Kind.dividedUpdate:
        time_s[index] = (time_s[index] as number) / size;
        break;
      case Kind.broadcast:
        time_s[index] = blocking(collectiveTime(resources.collectives, "broadcast", program.bytes[index] ?? 0, size, Math.min(size, devicesPerNode)));
        break;
      case Kind.exchange:
        time_s[index] = exchangeTime_s(resources, devices, program.bytes[index] ?? 0) / (program.number[index] || 1);
        break;
      case Kind.normalisationExchange:
        time_s[index] = Math.min(devices, resources.normalisationGroup) > 1 ? resources.normalisationExchange_s * (program.number[index] ?? 0) : 0;
        break;
      case Kind.read:
        time_s[index] = input.read_s;
        break;
      case Kind.decode:
        time_s[index] = input.decode_s;
        break;
      case Kind.copy:
        time_s[index] = input.copy_s;
        break;
      default:
    }
  }
  return time_s;
}

/** A gathering of every device's `bytes`, or its reverse, which moves as many; else `sums` sums over what all devices have. */
function classExchangeTime_s({ collectives, devicesPerNode }: Resources, bytes: number, sums: number, size: number): number {
  if (size <= 1) return 0;
  const perNode = Math.min(size, devicesPerNode);
  return sums > 0 ? sums * collectiveTime(collectives, "all-reduce", bytes * size, size, perNode) : collectiveTime(collectives, "all-gather", bytes * size, size, perNode);
}

/** One exchange of a group with the others, or with servers that are free. */
function exchangeTime_s(resources: Resources, devices: number, bytes: number): number {
  if (devices <= 1) return 0;
  if (resources.asynchrony.exchange === "average") return collectiveTime(resources.collectives, "all-reduce", bytes, devices, Math.min(devices, resources.devicesPerNode));
  return exchangeAlone_s(resources.asynchrony, exchangeNetwork(resources), bytes, devices);
}

const exchangeNetwork = ({ collectives: { network }, devicesPerNode }: Resources): ExchangeNetwork => ({ node_bytes_per_s: network.fabric_bytes_per_s, latency_s: network.fabricLatency_s, devicesPerNode });

/** Bytes of one exchange with servers, one way. */
export const exchangedBytes = ({ count, kind, bytes }: Program): number => {
  for (let index = 0; index < count; index++) if (kind[index] === Kind.exchange) return bytes[index] as number;
  return 0;
};

/** The least that a step takes because servers have all groups to serve. */
export const serverFloorAt = (program: Program, resources: Resources, devices: number): number => (resources.asynchrony.exchange === "server" && devices > 1 ? serverFloor_s(resources.asynchrony, exchangeNetwork(resources), exchangedBytes(program), devices) : 0);

/** Paces of compute and collectives beside each other, where they run on one core. */
export function sharedRatesAt(resources: Resources, devices: number): SharedRates {
  const { nodes, nodeLink_bytes_per_s, fabric_bytes_per_s } = networkAt(resources, devices);
  return sharedRates(resources.sharedCore, nodes > 1 ? fabric_bytes_per_s : nodeLink_bytes_per_s);
}

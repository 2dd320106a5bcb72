/**
 * In which order each device of a pipeline works: lists of items, an item being a forward pass, a backward pass, one half of it, or a forward beside a backward pass.
 * GPipe (Huang et al. 2019), 1F1B and interleaved (Narayanan et al. 2021, as Megatron-LM orders them), zero bubble H1 (Qi et al. 2023: as 1F1B, weight gradients fill
 * gaps), DualPipe (DeepSeek-V3, arXiv:2412.19437, figure 5: micro-batches from both ends; each device holds stage i and stage p-1-i).
 */
import type { PipelineSchedule } from "../../../plan/layout.ts";

/** Forward; backward whole; data gradient alone, whose weight gradient waits; a waiting weight gradient; forward and whole backward side by side. */
export const Item = { forward: 0, backward: 1, data: 2, weight: 3, both: 4 } as const;

export interface Order {
  /** Columns of the items of one device, in order. */
  readonly item: number[];
  readonly micro: number[];
  /** Stage of the model, pieces counted: piece * stages + stage. */
  readonly stage: number[];
  /** Of `both`: what goes backward. */
  readonly otherMicro: number[];
  readonly otherStage: number[];
  /** Weight gradients that may wait on this device; -1 where the list says when they run. */
  readonly waiting: number;
}

/** What a schedule needs: interleaving whole groups of as many micro-batches as stages, DualPipe two full pipelines of even depth; all but interleaving one part of the model a stage. */
export function hasOrder(schedule: PipelineSchedule, stages: number, virtualStages: number, microBatches: number): boolean {
  if (!Number.isInteger(microBatches) || microBatches < 1 || (virtualStages > 1 && schedule !== "interleaved")) return false;
  if (stages === 1) return true;
  if (schedule === "interleaved") return microBatches % stages === 0;
  return schedule !== "dualpipe" || (stages % 2 === 0 && microBatches % 2 === 0 && microBatches >= 2 * stages);
}

export function orderOf(schedule: PipelineSchedule, stages: number, virtualStages: number, microBatches: number, device: number): Order {
  if (stages === 1 && schedule === "dualpipe") return orderOneForwardOneBackward(1, microBatches, 0, Item.backward, -1);
  switch (schedule) {
    case "gpipe":
      return orderGpipe(microBatches, device);
    case "1f1b":
      return orderOneForwardOneBackward(stages, microBatches, device, Item.backward, -1);
    case "zero-bubble":
      return orderOneForwardOneBackward(stages, microBatches, device, Item.data, device);
    case "interleaved":
      return orderInterleaved(stages, virtualStages, microBatches, device);
    case "dualpipe":
      return orderDualPipe(stages, microBatches, device);
  }
}

const makeOrder = (waiting = -1): Order => ({ item: [], micro: [], stage: [], otherMicro: [], otherStage: [], waiting });

function add(order: Order, item: number, micro: number, stage: number, otherMicro = -1, otherStage = -1): void {
  order.item.push(item);
  order.micro.push(micro);
  order.stage.push(stage);
  order.otherMicro.push(otherMicro);
  order.otherStage.push(otherStage);
}

function orderGpipe(microBatches: number, device: number): Order {
  const order = makeOrder();
  for (let micro = 0; micro < microBatches; micro++) add(order, Item.forward, micro, device);
  for (let micro = microBatches - 1; micro >= 0; micro--) add(order, Item.backward, micro, device);
  return order;
}

function orderOneForwardOneBackward(stages: number, microBatches: number, device: number, backward: number, waiting: number): Order {
  const order = makeOrder(waiting);
  const ahead = Math.min(stages - 1 - device, microBatches);
  for (let micro = 0; micro < ahead; micro++) add(order, Item.forward, micro, device);
  for (let micro = 0; micro < microBatches; micro++) {
    if (micro + ahead < microBatches) add(order, Item.forward, micro + ahead, device);
    add(order, backward, micro, device);
  }
  return order;
}

/** Groups of as many micro-batches as stages pass all pieces before the next group. */
function orderInterleaved(stages: number, virtualStages: number, microBatches: number, device: number): Order {
  const order = makeOrder();
  const total = microBatches * virtualStages;
  const visit = (turn: number): { piece: number; micro: number } => {
    const group = Math.floor(turn / (stages * virtualStages));
    const members = Math.min(stages, microBatches - group * stages);
    const inside = turn - group * stages * virtualStages;
    return { piece: Math.floor(inside / members), micro: group * stages + (inside % members) };
  };
  const forward = (turn: number): void => {
    const { piece, micro } = visit(turn);
    add(order, Item.forward, micro, piece * stages + device);
  };
  const backward = (turn: number): void => {
    const { piece, micro } = visit(turn);
    add(order, Item.backward, micro, (virtualStages - 1 - piece) * stages + device);
  };
  const ahead = Math.min(2 * (stages - 1 - device) + (virtualStages - 1) * stages, total);
  for (let turn = 0; turn < ahead; turn++) forward(turn);
  for (let turn = 0; turn < total; turn++) {
    if (turn + ahead < total) forward(turn + ahead);
    backward(turn);
  }
  return order;
}

/** Directions 0 and 1 carry half of the micro-batches each; a device is stage `rank` of its near direction and `stages - 1 - rank` of the other. */
function orderDualPipe(stages: number, microBatches: number, device: number): Order {
  const order = makeOrder();
  const half = stages / 2;
  const near = device < half ? 0 : 1;
  const rank = near === 0 ? device : stages - 1 - device;
  const each = microBatches / 2;
  const next = { forward: [0, 0], backward: [0, 0] };
  const place = (direction: number): number => (direction === near ? rank : stages - 1 - rank);
  const take = (of: "forward" | "backward", side: number): { micro: number; stage: number } => {
    const direction = side === 0 ? near : 1 - near;
    const count = next[of][side] as number;
    next[of][side] = count + 1;
    return { micro: direction * each + count, stage: place(direction) };
  };
  const one = (item: number, of: "forward" | "backward", side: number): void => {
    const { micro, stage } = take(of, side);
    add(order, item, micro, stage);
  };
  const weight = (): void => add(order, Item.weight, -1, -1);
  const both = (forwardSide: number, backwardSide: number): void => {
    const forward = take("forward", forwardSide);
    const backward = take("backward", backwardSide);
    add(order, Item.both, forward.micro, forward.stage, backward.micro, backward.stage);
  };
  const repeat = (count: number, work: (turn: number) => void): void => {
    for (let turn = 0; turn < count; turn++) work(turn);
  };
  repeat(2 * (half - rank - 1), () => one(Item.forward, "forward", 0));
  repeat(rank + 1, () => {
    one(Item.forward, "forward", 0);
    one(Item.forward, "forward", 1);
  });
  repeat(half - rank - 1, () => {
    one(Item.data, "backward", 1);
    weight();
    one(Item.forward, "forward", 1);
  });
  repeat(each - stages + rank + 1, (turn) => {
    if (turn === 0 && rank === half - 1) {
      // The middle devices are the last stage of one direction: nothing is there yet to go backward beside the first forward pass.
      one(Item.forward, "forward", 0);
      one(Item.backward, "backward", 1);
    } else both(0, 1);
    both(1, 0);
  });
  repeat(half - rank - 1, () => {
    one(Item.backward, "backward", 1);
    both(1, 0);
  });
  const late = Math.floor((rank + 1) / 2);
  repeat(rank + 1, (turn) => {
    one(turn > late || (turn === late && rank % 2 === 1) ? Item.data : Item.backward, "backward", 1);
    one(turn >= late ? Item.data : Item.backward, "backward", 0);
  });
  repeat(half - rank - 1, () => {
    weight();
    one(Item.data, "backward", 0);
  });
  return order;
}

/** Time of what a micro-batch or a step has once (messages, sums of gradients, gathering, update, transfers to the host), and its sums by block: a few rows that every layout writes anew. */
import * as columns from "../../program/transformer/columns.ts";
import type { TransformerProgram } from "../../program/transformer/columns.ts";
import { groupTime, messageTime } from "./collectives.ts";
import { beginProducts, timeProduct } from "./products.ts";
import type { Rates } from "./rates.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { Block, firstStepBlock, Operation, Part, partCount } = columns;

/** Fills `program.time_s` and `program.sums` for these rows. */
export function timeStepRows(program: TransformerProgram, rates: Rates): void {
  const { sums, kind, block, phase, a, b, c, d, repeat, time_s, blockRows, count } = program;
  for (let at = firstStepBlock * partCount; at < Block.none * partCount; at++) sums[at] = 0;
  for (let row = blockRows; row < count; row++) {
    const amount = a[row] as number;
    const at = (block[row] as number) * partCount;
    const times = repeat[row] as number;
    let part: number = Part.other;
    let time = 0;
    switch (kind[row]) {
      case Operation.message:
        time = messageTime(amount, b[row] as number, rates);
        break;
      case Operation.gather:
        time = groupTime(amount, b[row] as number, c[row] as number, d[row] as number, rates);
        break;
      case Operation.reduce:
        time = groupTime(amount * rates.gradientBytes, b[row] as number, c[row] as number, d[row] as number, rates);
        break;
      case Operation.update:
        time = amount * rates.update_s_per_byte;
        break;
      case Operation.offload:
        part = Part.context;
        time = amount * rates.hostLink_s_per_byte;
        break;
      case Operation.product: {
        const [N, K, groups] = [b[row] as number, c[row] as number, d[row] as number];
        part = Part.products;
        beginProducts(rates);
        time = timeProduct(amount, N, K, groups, 0, rates);
        sums[at + Part.ideal] = (sums[at + Part.ideal] as number) + 2 * amount * N * K * groups * rates.wide_s_per_flop * times;
        break;
      }
    }
    time *= times;
    time_s[row] = time;
    sums[at + (phase[row] as number)] = (sums[at + (phase[row] as number)] as number) + time;
    sums[at + part] = (sums[at + part] as number) + time;
  }
}

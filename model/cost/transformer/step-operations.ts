/** Time of what a micro-batch or a step has once (messages, sums of gradients, gathering, update, transfers to the host), and its sums by block: a few rows that every layout writes anew. */
import * as columns from "../../program/transformer/columns.ts";
import type { TransformerProgram } from "../../program/transformer/columns.ts";
import { groupTime, messageTime } from "./collectives.ts";
import { beginProducts, timeProduct } from "./products.ts";
import type { Rates } from "./rates.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { firstStepBlock, Operation, stepBlocks } = columns;

/** Fills `program.time_s` for these rows, and `program.stepTimes`. */
export function timeStepRows(program: TransformerProgram, rates: Rates): void {
  const { stepTimes, block, repeat, time_s, blockRows, count } = program;
  for (let place = 0; place < stepBlocks; place++) stepTimes[place] = 0;
  for (let row = blockRows; row < count; row++) {
    const time = timeRow(program, row, rates) * (repeat[row] as number);
    const place = (block[row] as number) - firstStepBlock;
    time_s[row] = time;
    stepTimes[place] = (stepTimes[place] as number) + time;
  }
}

function timeRow({ kind, a, b, c, d }: TransformerProgram, row: number, rates: Rates): number {
  const amount = a[row] as number;
  switch (kind[row]) {
    case Operation.message:
      return messageTime(amount, b[row] as number, rates);
    case Operation.gather:
      return groupTime(amount, b[row] as number, c[row] as number, d[row] as number, rates);
    case Operation.reduce:
      return groupTime(amount * rates.gradientBytes, b[row] as number, c[row] as number, d[row] as number, rates);
    case Operation.update:
      return amount * rates.update_s_per_byte;
    case Operation.offload:
      return amount * rates.hostLink_s_per_byte;
    case Operation.product:
      beginProducts(rates);
      return timeProduct(amount, b[row] as number, c[row] as number, d[row] as number, 0, rates);
    default:
      return 0;
  }
}

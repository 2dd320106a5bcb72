/**
 * Time of the rows of layers and ends, and the sums that schedules need: per block the time in the forward pass, for data gradients (with what is run again) and for weight
 * gradients, and what that time is made of. No powers, no allocation.
 */
import * as columns from "../../program/transformer/columns.ts";
import type { TransformerProgram } from "../../program/transformer/columns.ts";
import { contextTime, dispatchTime, tensorTime } from "./collectives.ts";
import { beginProducts, timeProduct } from "./products.ts";
import type { Rates } from "./rates.ts";

// A module's own constants become part of its machine code; those of other modules are looked up at every use.
const { Block, firstStepBlock, Format, Operation, Part, partCount, Phase } = columns;

const forwardScore_bytes = 13;
const backwardScore_bytes = 20;
/** Keys beyond the mask's edge that a tile of 128 queries computes on average. */
const edgeKeys = 64;

/** Fills `program.time_s` and `program.sums` for layers and ends. */
export function timeBlocks(program: TransformerProgram, rates: Rates): void {
  program.sums.fill(0, 0, firstStepBlock * partCount);
  program.timedKinds = 0;
  beginProducts(rates);
  const { sums, kind, block, phase, format, a, b, c, d, repeat, again, time_s } = program;
  let forwardAttention_s = 0;
  let backwardAttention_s = 0;
  for (let row = 0; row < program.blockRows; row++) {
    const A = a[row] as number;
    const B = b[row] as number;
    const C = c[row] as number;
    const D = d[row] as number;
    const place = block[row] as number;
    let time = 0;
    let ideal = 0;
    let part: number = Part.other;
    switch (kind[row]) {
      case Operation.product: {
        part = Part.products;
        const numbers = format[row] as number;
        ideal = 2 * A * B * C * D * (numbers === Format.narrow ? rates.narrow_s_per_flop : rates.wide_s_per_flop);
        time = timeProduct(A, B, C, D, numbers, rates);
        break;
      }
      case Operation.flash:
        part = Part.products;
        ideal = 2 * A * B * C * D * rates.wide_s_per_flop;
        time = 2 * A * ((format[row] as number) >= Format.masked ? B + edgeKeys : B) * C * D * (format[row] === Format.narrow || format[row] === Format.maskedNarrow ? rates.narrowFlash_s_per_flop : rates.flash_s_per_flop);
        if (phase[row] === Phase.forward) forwardAttention_s = time;
        else backwardAttention_s = time;
        break;
      case Operation.exponential:
        part = Part.products;
        time = A * ((format[row] as number) >= Format.masked ? B + edgeKeys : B) * C * rates.exponential_s;
        if (phase[row] === Phase.forward) forwardAttention_s += time;
        else backwardAttention_s += time;
        break;
      case Operation.unfused: {
        // Misaligned heads slow the products, whose operands have that width; kernels over scores do not see it.
        part = Part.products;
        ideal = 2 * A * B * C * D * rates.wide_s_per_flop;
        const slow = (C / 2) % 8 === 0 ? 1 : rates.misaligned;
        const memory = A * B * (D > 1 ? backwardScore_bytes : forwardScore_bytes) * rates.scores_s_per_byte;
        const products = 2 * A * B * C * D * slow * rates.wideProducts_s_per_flop;
        time = memory + products;
        sums[place * partCount + Part.memory] = (sums[place * partCount + Part.memory] as number) + memory * ((repeat[row] as number) + (again[row] as number));
        sums[place * partCount + Part.products] = (sums[place * partCount + Part.products] as number) - memory * ((repeat[row] as number) + (again[row] as number));
        if (phase[row] === Phase.forward) forwardAttention_s = time;
        else backwardAttention_s = time;
        break;
      }
      case Operation.elementwise:
        part = Part.memory;
        time = A * rates.elementwise_s_per_byte;
        break;
      case Operation.cast:
        part = Part.memory;
        time = A * rates.cast_s_per_byte;
        break;
      case Operation.stream:
        part = Part.memory;
        time = A * rates.memory_s_per_byte;
        break;
      case Operation.tensor:
        part = Part.tensor;
        time = tensorTime(A, B, C, rates);
        break;
      case Operation.context: {
        part = Part.context;
        time = contextTime(A, B, C, D === 1, rates);
        if (D === 1) time = Math.max(0, time - (phase[row] === Phase.forward ? forwardAttention_s : backwardAttention_s));
        break;
      }
      case Operation.expert:
        part = Part.expert;
        time = dispatchTime(A, B, C, D, rates);
        break;
    }
    if (place === Block.experts) time *= part === Part.products ? rates.expertFactor * program.imbalance : rates.expertFactor;
    const first = time * (repeat[row] as number);
    const rerun = time * (again[row] as number);
    time_s[row] = first + rerun;
    const at = place * partCount;
    const run = at + (phase[row] as number);
    sums[run] = (sums[run] as number) + first;
    if (rerun > 0) sums[at + Phase.data] = (sums[at + Phase.data] as number) + rerun;
    sums[at + part] = (sums[at + part] as number) + first + rerun;
    if (ideal > 0) sums[at + Part.ideal] = (sums[at + Part.ideal] as number) + ideal * ((repeat[row] as number) + (again[row] as number));
  }
}

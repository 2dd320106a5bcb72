/**
 * Time of every row of a program, and the sums that schedules need: per block the time in the forward pass, for data gradients (with what is run again) and for weight
 * gradients, and what that time is made of. Matrix products: peak, ceiling, quantisation and ramps of the inner and the smaller outer extent, joined with the memory time
 * of their operands by the 4-norm. No powers, no allocation: this loop is what a plan search spends its time in.
 */
import { Block, blockCount, Format, Operation, Phase, type TransformerProgram } from "../../program/transformer/columns.ts";
import { contextTime, dispatchTime, groupTime, messageTime, tensorTime } from "./collectives.ts";
import type { Rates } from "./rates.ts";
import { quantisation } from "./tiles.ts";

/** Parts of the time of a block; the first three add up to the same as the others. */
export const Part = { forward: 0, data: 1, weight: 2, ideal: 3, products: 4, memory: 5, tensor: 6, context: 7, expert: 8, other: 9 } as const;
export const partCount = 10;

const forwardScore_bytes = 13;
const backwardScore_bytes = 20;
/** Keys beyond the mask's edge that a tile of 128 queries computes on average. */
const edgeKeys = 64;

const sums = new Float64Array(blockCount * partCount);

/** Fills `program.time_s` and gives the sums, in an array that the next call overwrites. */
export function timeOperations(program: TransformerProgram, rates: Rates): Float64Array {
  sums.fill(0);
  const { kind, block, phase, format, a, b, c, d, repeat, again, time_s, count } = program;
  let attention_s = 0;
  for (let row = 0; row < count; row++) {
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
        const narrow = format[row] === Format.narrow;
        ideal = (2 * A * B * C * D) / (narrow ? rates.narrow_flop_per_s : rates.wide_flop_per_s);
        time = timeProduct(A, B, C, D, narrow, program, rates);
        break;
      }
      case Operation.flash:
        part = Part.products;
        ideal = (2 * A * B * C * D) / rates.wide_flop_per_s;
        time = (2 * A * (format[row] === Format.masked ? B + edgeKeys : B) * C * D) / rates.flash_flop_per_s;
        attention_s = time;
        break;
      case Operation.unfused: {
        part = Part.products;
        ideal = (2 * A * B * C * D) / rates.wide_flop_per_s;
        const slow = (C / 2) % 8 === 0 ? 1 : rates.misaligned;
        const memory = (A * B * (D > 1 ? backwardScore_bytes : forwardScore_bytes) * rates.attentionTraffic * slow * (program.wideBytes / 2)) / rates.memory_bytes_per_s;
        const products = ((2 * A * B * C * D) / rates.wideProducts_flop_per_s) * slow;
        time = memory + products;
        sums[place * partCount + Part.memory] = (sums[place * partCount + Part.memory] as number) + memory * ((repeat[row] as number) + (again[row] as number));
        sums[place * partCount + Part.products] = (sums[place * partCount + Part.products] as number) - memory * ((repeat[row] as number) + (again[row] as number));
        attention_s = time;
        break;
      }
      case Operation.elementwise:
        part = Part.memory;
        time = (A * rates.elementwise) / rates.memory_bytes_per_s;
        break;
      case Operation.cast:
        part = Part.memory;
        time = (A * rates.castTraffic) / rates.memory_bytes_per_s;
        break;
      case Operation.stream:
        part = Part.memory;
        time = A / rates.memory_bytes_per_s;
        break;
      case Operation.tensor:
        part = Part.tensor;
        time = tensorTime(A, B, C, rates);
        break;
      case Operation.context: {
        part = Part.context;
        time = contextTime(A, B, C, D === 1, rates);
        if (D === 1) time = time > attention_s ? time - attention_s : 0;
        break;
      }
      case Operation.expert:
        part = Part.expert;
        time = dispatchTime(A, B, C, D, rates);
        break;
      case Operation.message:
        time = messageTime(A, B, rates);
        break;
      case Operation.gather:
        time = groupTime(A, B, C, D, rates);
        break;
      case Operation.reduce:
        time = groupTime(A * rates.gradientBytes, B, C, D, rates);
        break;
      case Operation.update:
        time = (A * rates.optimizer) / rates.memory_bytes_per_s;
        break;
      case Operation.offload:
        part = Part.context;
        time = A / rates.hostLink_bytes_per_s;
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
  return sums;
}

/** One launch of `groups` products. */
export function timeProduct(M: number, N: number, K: number, groups: number, narrow: boolean, program: TransformerProgram, rates: Rates): number {
  const inner = narrow ? rates.narrowInner : rates.wideInner;
  const outer = narrow ? rates.narrowOuter : rates.wideOuter;
  const compute = ((2 * M * N * K * groups) / (narrow ? rates.narrowProducts_flop_per_s : rates.wideProducts_flop_per_s)) * (1 + inner / K) * (1 + outer / (M < N ? M : N)) * quantisation(M, N, K, groups, rates.multiprocessors);
  const memory = (groups * ((narrow ? program.narrowBytes : program.wideBytes) * K * (M + N) + program.wideBytes * M * N)) / rates.memory_bytes_per_s;
  const compute2 = compute * compute;
  const memory2 = memory * memory;
  return Math.sqrt(Math.sqrt(compute2 * compute2 + memory2 * memory2));
}

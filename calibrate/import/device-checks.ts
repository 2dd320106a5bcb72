/** What files measured of the device itself, beside what its document says: memory, matrix products, host copies. The document is not changed by it; the user may be. */
import type { Device } from "../../model/schema/device.ts";
import type { Precision } from "../../model/schema/common.ts";
import { bestCase, figureOf, rateOf, rowsLike, type Seen } from "./seen.ts";

export interface DeviceCheck {
  /** A path that --set takes. */
  readonly path: string;
  readonly measured: number;
  readonly document: number;
  readonly note: string;
}

const precisionNames: readonly (readonly [RegExp, Precision])[] = [[/^(b16|bf16|bfloat16)/i, "bf16"], [/^(fp16|half|float16)/i, "fp16"], [/^(fp8|e4m3|e5m2|float8)/i, "fp8"], [/^(fp32|float|single)$/i, "fp32"]];
/** The ceiling that stands for a precision. */
const ceilings: Partial<Record<Precision, "bf16" | "fp8" | "fp32">> = { bf16: "bf16", fp16: "bf16", fp8: "fp8", fp32: "fp32" };

/** `precision`: of products whose file does not say it. */
export function checkDevice(seen: readonly Seen[], device: Device, precision: Precision | undefined): DeviceCheck[] {
  return [...checkMemory(seen, device), ...checkProducts(seen, device, precision)];
}

function checkMemory(seen: readonly Seen[], { memory }: Device): DeviceCheck[] {
  const triad = figureOf(bestCase(rowsLike(seen, /^babelstream-triad$/), rateOf), rateOf, "BabelStream triad");
  const share = triad && triad.value / memory.bandwidth.value;
  return triad && share !== undefined && share <= 1 ? [{ path: "device.memory.efficiency", measured: share, document: memory.efficiency.value, note: triad.note }] : [];
}

function checkProducts(seen: readonly Seen[], { peaks, products }: Device, told: Precision | undefined): DeviceCheck[] {
  const found = new Map<string, { row: Seen; share: number; precision: Precision }>();
  for (const row of rowsLike(seen, /^matrix-product(-most)?$/)) {
    const name = row.row.case["precision"] ?? row.file.facts["precision"];
    const precision = typeof name === "string" ? precisionNames.find(([pattern]) => pattern.test(name))?.[1] : told;
    const [rate, peak, ceiling] = [row.row.values["rate_flop_per_s"], precision && peaks[precision]?.value, precision && ceilings[precision]];
    if (precision === undefined || rate === undefined || peak === undefined || ceiling === undefined) continue;
    const share = rate / peak;
    if (share <= 1.2 && share > (found.get(ceiling)?.share ?? 0)) found.set(ceiling, { row, share, precision });
  }
  return [...found].flatMap(([ceiling, { row, share, precision }]) => {
    const document = products?.ceiling[ceiling as "bf16"]?.value;
    return document === undefined ? [] : [{ path: `device.products.ceiling.${ceiling}`, measured: share, document, note: `best matrix product in ${precision}: ${row.file.name}:${row.row.line}` }];
  });
}

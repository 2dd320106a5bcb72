/** Rates and their age: they are worked out again only when a number of hardware, parameters or number formats is another than in the call before; the objects may be the same. */
import type { Layout } from "../../plan/layout.ts";
import { transformerParameterNames, type TransformerHardware, type TransformerValues } from "./parameters.ts";
import { makeRates, ratesOf, type Rates } from "./rates.ts";

const lastValues = new Float64Array(transformerParameterNames.length);
const lastHardware = new Float64Array(8);
let changes = 1;

/** Grows by one whenever hardware or parameters have changed. */
export function countChanges(hardware: TransformerHardware, values: TransformerValues): number {
  let same =
    lastHardware[0] === hardware.peak_flop_per_s && lastHardware[1] === hardware.peak16_flop_per_s && lastHardware[2] === hardware.multiprocessors && lastHardware[3] === hardware.memory_bytes_per_s &&
    lastHardware[4] === hardware.devicesPerNode && lastHardware[5] === hardware.domain && lastHardware[6] === hardware.injection_bytes_per_s && lastHardware[7] === hardware.hostLink_bytes_per_s;
  for (let at = 0; same && at < lastValues.length; at++) same = lastValues[at] === values[at];
  if (same) return changes;
  lastValues.set(values);
  lastHardware.set([hardware.peak_flop_per_s, hardware.peak16_flop_per_s, hardware.multiprocessors, hardware.memory_bytes_per_s, hardware.devicesPerNode, hardware.domain, hardware.injection_bytes_per_s, hardware.hostLink_bytes_per_s]);
  changes++;
  return changes;
}

const rates = makeRates();
/** What the rates were made with. */
const known = { changes: 0, wideBytes: 0, narrowBytes: 0, tensor: false, expert: false };

/** `now` is the count of changes. The same object for every call. */
export function knownRates(now: number, hardware: TransformerHardware, values: TransformerValues, layout: Layout, wideBytes: number, narrowBytes: number): Rates {
  const { tensor, expert } = layout.overlap;
  if (known.changes === now && known.wideBytes === wideBytes && known.narrowBytes === narrowBytes && known.tensor === tensor && known.expert === expert) return rates;
  known.changes = now;
  known.wideBytes = wideBytes;
  known.narrowBytes = narrowBytes;
  known.tensor = tensor;
  known.expert = expert;
  return ratesOf(hardware, values, layout, wideBytes, narrowBytes, rates);
}

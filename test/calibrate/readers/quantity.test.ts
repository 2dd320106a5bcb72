/** A quantity's name ends with its unit. */
import { expect, it } from "vitest";
import { unitOf } from "../../../calibrate/readers/quantity.ts";

it.each([
  ["time_s", "s"], ["rate_bytes_per_s", "B/s"], ["flop_per_s", "FLOP/s"], ["throughput_tokens_per_s", "1/s"], ["energy_j", "J"], ["power_w", "W"], ["memory_bytes", "B"],
  ["flop_per_s_per_w", "FLOP/s/W"], ["stepCount", "1"], ["utilisation_fraction", "1"], ["loss", "1"], ["speed", undefined], ["rate", undefined], ["", undefined],
])("%s is in %s", (quantity, unit) => expect(unitOf(quantity)).toBe(unit));

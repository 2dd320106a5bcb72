/** Units of measured quantities: the end of a quantity's name is its unit, one of these. */
const endings: readonly (readonly [string, string])[] = [
  ["flop_per_s_per_w", "FLOP/s/W"],
  ["bytes_per_s", "B/s"],
  ["flop_per_s", "FLOP/s"],
  ["samples_per_s", "1/s"],
  ["tokens_per_s", "1/s"],
  ["operations_per_s", "1/s"],
  ["messages_per_s", "1/s"],
  ["per_s", "1/s"],
  ["time_s", "s"],
  ["_s", "s"],
  ["energy_j", "J"],
  ["_j", "J"],
  ["power_w", "W"],
  ["_w", "W"],
  ["bytes", "B"],
  ["flop", "FLOP"],
  ["count", "1"],
  ["fraction", "1"],
  ["ratio", "1"],
  ["score", "1"],
  ["loss", "1"],
];

/** SI unit of a quantity by its name; undefined where the name has no known ending. */
export function unitOf(quantity: string): string | undefined {
  const lower = quantity.toLowerCase();
  return endings.find(([ending]) => lower.endsWith(ending))?.[1];
}

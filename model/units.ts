/**
 * Quantity strings <-> SI numbers. Files write "900 GB/s", "80 GiB", "1.9 us"; code holds seconds, bytes, flop, watt and never bits.
 * Grammar: number, optional space, unit. k M G T P E are powers of 1000, Ki Mi Gi Ti Pi powers of 1024. B is bytes, bit is bits.
 * Spellings that are ambiguous in the field (Gbps, GBps, TFLOPS) are refused with the spelling that was meant.
 */
export type Flavour<Unit extends string> = number & { readonly unit?: Unit };
export type Seconds = Flavour<"s">;
export type Bytes = Flavour<"B">;
export type BytesPerSecond = Flavour<"B/s">;
export type Flop = Flavour<"flop">;
export type FlopPerSecond = Flavour<"flop/s">;

export const dimensions = {
  time: { symbol: "s", name: "a time", example: "1.9 us" },
  data: { symbol: "B", name: "an amount of data", example: "64 MiB" },
  bandwidth: { symbol: "B/s", name: "a bandwidth", example: "900 GB/s" },
  work: { symbol: "flop", name: "an amount of work", example: "14.41 Tflop" },
  rate: { symbol: "flop/s", name: "a compute rate", example: "125 TF/s" },
  power: { symbol: "W", name: "a power", example: "300 W" },
  energy: { symbol: "J", name: "an energy", example: "1.2 MWh" },
  mass: { symbol: "kg", name: "a mass", example: "24.7 t" },
  "carbon-intensity": { symbol: "kg/J", name: "a carbon intensity", example: "0.385 kg/kWh" },
  money: { symbol: "USD", name: "an amount of money", example: "600 MUSD" },
  "hourly-price": { symbol: "USD/s", name: "a price for an hour", example: "4.10 USD/h" },
  "energy-price": { symbol: "USD/J", name: "a price of energy", example: "0.094 USD/kWh" },
  frequency: { symbol: "Hz", name: "a frequency", example: "1.53 GHz" },
  samples: { symbol: "samples/s", name: "a sample rate", example: "2.5 samples/s" },
  operations: { symbol: "op/s", name: "a rate of file operations", example: "235 kop/s" },
  count: { symbol: "", name: "a count", example: "4608" },
  fraction: { symbol: "1", name: "a number without unit", example: "0.85 or 85 %" },
} as const;
export type Dimension = keyof typeof dimensions;

const decimal: Record<string, number> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const binary: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 };

interface Unit {
  readonly dimension: Dimension;
  readonly scale: number;
}

const units: ReadonlyMap<string, Unit> = buildUnits();

function buildUnits(): Map<string, Unit> {
  const table = new Map<string, Unit>();
  const add = (spelling: string, dimension: Dimension, scale: number) => table.set(spelling, { dimension, scale });
  for (const [prefix, scale] of [...Object.entries(decimal), ...Object.entries(binary)]) {
    for (const [suffix, dimension] of [["", "data"], ["/s", "bandwidth"]] as const) {
      add(`${prefix}B${suffix}`, dimension, scale);
      add(`${prefix}bit${suffix}`, dimension, scale / 8);
    }
  }
  for (const [prefix, scale] of Object.entries(decimal)) {
    add(`${prefix}flop`, "work", scale);
    for (const rate of ["flop/s", "FLOP/s", "F/s"]) add(prefix + rate, "rate", scale);
    add(`${prefix}W`, "power", scale);
    add(`${prefix}Hz`, "frequency", scale);
    add(`${prefix}op/s`, "operations", scale);
    add(`${prefix}J`, "energy", scale);
    add(`${prefix}Wh`, "energy", scale * 3600);
    add(`${prefix}USD`, "money", scale);
  }
  for (const [spelling, scale] of [["ns", 1e-9], ["us", 1e-6], ["µs", 1e-6], ["μs", 1e-6], ["ms", 1e-3], ["s", 1], ["min", 60], ["h", 3600], ["d", 86_400]] as const) {
    add(spelling, "time", scale);
  }
  add("kg", "mass", 1);
  add("g", "mass", 1e-3);
  add("t", "mass", 1000);
  add("kg/kWh", "carbon-intensity", 1 / 3.6e6);
  add("g/kWh", "carbon-intensity", 1e-3 / 3.6e6);
  add("USD/h", "hourly-price", 1 / 3600);
  add("USD/kWh", "energy-price", 1 / 3.6e6);
  for (const rate of ["samples/s", "images/s"]) add(rate, "samples", 1);
  add("", "fraction", 1);
  add("%", "fraction", 0.01);
  return table;
}

const refused: ReadonlyArray<readonly [RegExp, (prefix: string) => string]> = [
  [/^([kMGTPE]?)bps$/, (prefix) => `${prefix}bit/s`],
  [/^([kMGTPE]?)b\/s$/, (prefix) => `${prefix}bit/s (or ${prefix}B/s, if bytes were meant)`],
  [/^([kMGTPE]?i?)Bps$/, (prefix) => `${prefix}B/s`],
  [/^([kMGTPE]?)FLOPS$/i, (prefix) => `${prefix.toUpperCase().replace("K", "k")}F/s`],
  [/^([kMGTPE]?)FLOP$/, (prefix) => `${prefix}flop`],
  [/^K(i?)B(\/s)?$/, () => "kB (1000) or KiB (1024)"],
  [/^()(sec|secs|second|seconds)$/, () => "s"],
];

export type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly expected: string; readonly hint?: string };

const numberPattern = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/s;

/** Parses a quantity string into the SI value of the dimension. The failure says what was expected and, where known, the spelling meant. */
export function parseQuantity(text: string, dimension: Dimension): Parsed {
  const wanted = `${dimensions[dimension].name}, such as "${dimensions[dimension].example}"`;
  const match = numberPattern.exec(text.trim());
  if (!match) return { ok: false, expected: wanted };
  const value = Number(match[1]);
  const spelling = (match[2] ?? "").trim();
  const unit = units.get(spelling);
  if (!unit) {
    for (const [pattern, meant] of refused) {
      const found = pattern.exec(spelling);
      if (found) return { ok: false, expected: wanted, hint: `write ${meant(found[1] ?? "")}` };
    }
    return { ok: false, expected: wanted, ...(spelling === "" ? { hint: "the unit is missing" } : { hint: `unknown unit "${spelling}"` }) };
  }
  const wantsCount = dimension === "count";
  if (wantsCount && unit.dimension === "fraction" && spelling === "") {
    return Number.isInteger(value) ? { ok: true, value } : { ok: false, expected: wanted, hint: "a count is a whole number" };
  }
  if (unit.dimension !== dimension) {
    const got = spelling === "" ? "the unit is missing" : `"${spelling}" is ${dimensions[unit.dimension].name}`;
    return { ok: false, expected: wanted, hint: got };
  }
  if (!Number.isFinite(value * unit.scale)) return { ok: false, expected: wanted, hint: "the number is too large" };
  return { ok: true, value: value * unit.scale };
}

/** A whole number with thousands separators. */
export function formatCount(value: number): string {
  return formatNumber(Math.round(value), 15).replace(/\.0+$/, "");
}

const sub = [["", 1], ["m", 1e-3], ["µ", 1e-6], ["n", 1e-9]] as const;
const sup = [["E", 1e18], ["P", 1e15], ["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3], ["", 1]] as const;
const supBinary = [["Ti", 2 ** 40], ["Gi", 2 ** 30], ["Mi", 2 ** 20], ["Ki", 2 ** 10], ["", 1]] as const;

export interface Formatted {
  readonly number: string;
  readonly unit: string;
}

/** Rounds to significant digits with thousands separators and a true minus. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  if (magnitude >= 15 || magnitude < -9) return value.toExponential(digits - 1).replace(/^-/, "−").replace(/e\+?(-?\d+)$/, " × 10^$1");
  const decimals = Math.max(0, digits - 1 - magnitude);
  const rounded = Number(value.toPrecision(Math.max(digits, magnitude + 1)));
  const [whole = "0", fraction] = Math.abs(rounded).toFixed(Math.min(decimals, 12)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (rounded < 0 ? "−" : "") + grouped + (fraction ? `.${fraction}` : "");
}

/** Formats an SI value for people: number and unit apart, so that a table can align them. Data is binary, bandwidth decimal. */
export function formatQuantity(value: number, dimension: Dimension, digits = 3): Formatted {
  if (!Number.isFinite(value)) return { number: "–", unit: "" };
  const absolute = Math.abs(value);
  if (dimension === "count") return { number: formatCount(value), unit: "" };
  if (dimension === "fraction") return { number: formatNumber(value * 100, digits), unit: "%" };
  if (dimension === "samples") return { number: formatNumber(value, digits), unit: "samples/s" };
  if (dimension === "time") return formatTime(value, digits);
  if (dimension === "energy") return scaled(value / 3600, absolute / 3600, sup, "Wh", digits);
  if (dimension === "mass") return absolute >= 1000 ? { number: formatNumber(value / 1000, digits), unit: "t" } : absolute >= 1 ? { number: formatNumber(value, digits), unit: "kg" } : { number: formatNumber(value * 1000, digits), unit: "g" };
  if (dimension === "carbon-intensity") return { number: formatNumber(value * 3.6e6, digits), unit: "kg/kWh" };
  if (dimension === "hourly-price") return { number: formatNumber(value * 3600, digits), unit: "USD/h" };
  if (dimension === "energy-price") return { number: formatNumber(value * 3.6e6, digits), unit: "USD/kWh" };
  if (dimension === "money") return absolute >= 1e6 ? { number: formatNumber(value / 1e6, digits), unit: "MUSD" } : { number: formatNumber(value, digits), unit: "USD" };
  if (dimension === "data") return scaled(value, absolute, supBinary, "B", digits);
  const symbol = dimension === "rate" ? "F/s" : dimensions[dimension].symbol;
  return scaled(value, absolute, sup, symbol, digits);
}

function scaled(value: number, absolute: number, prefixes: ReadonlyArray<readonly [string, number]>, symbol: string, digits: number): Formatted {
  const [prefix, scale] = prefixes.find(([, step]) => Number((absolute / step).toPrecision(digits)) >= 1) ?? ["", 1];
  return { number: formatNumber(value / scale, digits), unit: prefix + symbol };
}

function formatTime(value: number, digits: number): Formatted {
  const absolute = Math.abs(value);
  if (absolute >= 86_400) return { number: formatNumber(value / 86_400, digits), unit: "d" };
  if (absolute >= 7200) return { number: formatNumber(value / 3600, digits), unit: "h" };
  if (absolute >= 120) return { number: formatNumber(value / 60, digits), unit: "min" };
  const [prefix, scale] = sub.find(([, step]) => Number((absolute / step).toPrecision(digits)) >= 1) ?? (absolute === 0 ? (["m", 1e-3] as const) : (["n", 1e-9] as const));
  return { number: formatNumber(value / scale, digits), unit: `${prefix}s` };
}

/** One string: number, space, unit. */
export function showQuantity(value: number, dimension: Dimension, digits = 3): string {
  const { number, unit } = formatQuantity(value, dimension, digits);
  return unit === "" ? number : `${number} ${unit}`;
}

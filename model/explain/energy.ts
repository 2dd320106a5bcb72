/** Energy and money of a step in words: each formula with its numbers put in. From the report of the prediction, so that nothing is computed twice. */
import type { EnergyReport, Estimate, MoneyReport } from "../prediction.ts";
import { formatCount, formatNumber, showQuantity } from "../units.ts";

const boundaryWords = { devices: "devices alone", nodes: "nodes with everything in them", system: "nodes with their share of fabric and storage", site: "the site with its cooling" } as const;
const source = "Hong and Kim 2010 for the form; shares fitted to metered nodes (docs/checks.md)";

export interface ExplainedEnergy {
  readonly what: string;
  readonly equation: string;
  readonly source: string;
}

const watts = (value: number) => showQuantity(value, "power");
const range = ({ low95, high95 }: Estimate, dimension: "power" | "energy") => `${showQuantity(low95, dimension)} to ${showQuantity(high95, dimension)}`;
const percent = (share: number) => `${formatNumber(share * 100, 3)} %`;

/** Whose average emissions are by. */
export const gridWords = (grid: EnergyReport["grid"]): string => (grid === null ? "by the grid's average" : `by the grid's average (${grid.region}, ${grid.year})`);

export function explainEnergy(energy: EnergyReport | null, money: MoneyReport, { devices, nodes, step_s, per }: { devices: number; nodes: number; step_s: number; per: "sample" | "token" }): ExplainedEnergy[] {
  return [...(energy === null ? [{ what: "Energy", equation: "not known: the device document states no power", source: "" }] : powerLines(energy, devices, nodes, step_s, per)), ...moneyLines(money, devices, nodes, step_s)];
}

function powerLines(energy: EnergyReport, devices: number, nodes: number, step_s: number, per: "sample" | "token"): ExplainedEnergy[] {
  const { activities, power_w, perStep_J, perSample_J, boundary, parts, carbonPerStep_kg, grid, unknown } = energy;
  const lines: ExplainedEnergy[] = [];
  const told = activities.map(({ label, time_s, power_w: power, demand_w, limited: over, share }) => {
    const at = share === null ? "" : ` at ${percent(share)} of ${label === "Matrix products" ? "the peak" : "the bandwidth"}`;
    const limited = over ? `, asked for ${watts(demand_w)}: the board's limit lowers the clock, as the measured rates contain` : "";
    return `${showQuantity(time_s, "time")} ${label.toLowerCase()}${at} x ${watts(power)}${limited}`;
  });
  lines.push({ what: "Mean power of a device", equation: `(${told.join(" + ")}) / ${showQuantity(step_s, "time")} = ${watts(power_w.device.value)} (95 %: ${range(power_w.device, "power")})`, source });
  if (power_w.node !== null) {
    const rest = parts.filter(({ id }) => !id.startsWith("devices-") && !["switches", "file-system", "site"].includes(id));
    const each = rest.map(({ label, perStep_J: joule }) => `${label.toLowerCase()} ${watts(joule / nodes / step_s)}`);
    lines.push({ what: "Mean power of a node", equation: `${formatNumber(devices / nodes, 3)} x ${watts(power_w.device.value)} + ${each.join(" + ")} = ${watts(power_w.node.value)} (95 %: ${range(power_w.node, "power")})`, source: "machine document" });
  }
  if (power_w.system !== null) {
    const shared = parts.filter(({ id }) => ["switches", "file-system"].includes(id)).map(({ label, perStep_J: joule }) => ` + ${label.toLowerCase()} ${watts(joule / step_s)}`);
    const site = power_w.site === null ? "" : `; with cooling and supply of the site x ${formatNumber(power_w.site.value / power_w.system.value, 3)} = ${watts(power_w.site.value)}`;
    lines.push({ what: "Mean power of all", equation: `${formatCount(nodes)} x ${watts(power_w.node?.value ?? 0)}${shared.join("")} = ${watts(power_w.system.value)}${site}`, source: "machine document" });
  }
  const step = perStep_J[boundary] ?? perStep_J.devices;
  lines.push({ what: "Energy of a step", equation: `power x ${showQuantity(step_s, "time")} = ${showQuantity(step.value, "energy")} (95 %: ${range(step, "energy")}), ${formatNumber(perSample_J.value, 3)} J a ${per}: ${boundaryWords[boundary]}`, source: "" });
  if (carbonPerStep_kg !== null) lines.push({ what: "Emissions of a step", equation: `${showQuantity(step.value, "energy")} x ${showQuantity(carbonPerStep_kg.value / step.value, "carbon-intensity")} = ${showQuantity(carbonPerStep_kg.value, "mass")} of CO2 equivalents, ${gridWords(grid)}`, source: grid?.source ?? "" });
  if (unknown.length > 0) lines.push({ what: "Not in these figures", equation: unknown.join("; "), source: "" });
  return lines;
}

function moneyLines({ rented, owned, unknown }: MoneyReport, devices: number, nodes: number, step_s: number): ExplainedEnergy[] {
  const lines: ExplainedEnergy[] = [];
  const usd = (value: number) => showQuantity(value, "money");
  if (rented !== null) {
    const { low, middle, high } = rented.perDeviceHour;
    lines.push({ what: "A step on rented devices", equation: `${formatCount(devices)} devices x ${showQuantity(step_s, "time")} x ${formatNumber(middle, 3)} USD/h (${formatNumber(low, 3)} to ${formatNumber(high, 3)} over ${rented.offers.length} offers of ${[...new Set(rented.offers.map(({ date }) => date.slice(0, 4)))].toSorted().join(", ")}) = ${usd(rented.perStep.middle)} (${usd(rented.perStep.low)} to ${usd(rented.perStep.high)})`, source: [...new Set(rented.offers.map((offer) => offer.source))].join(", ") });
  }
  if (owned !== null) {
    const electricity = owned.electricityPerStep === null ? "" : ` + electricity ${usd(owned.electricityPerStep)}`;
    lines.push({ what: "A step on an owned machine", equation: `${formatCount(nodes)} nodes x ${showQuantity(step_s, "time")} x ${formatNumber(owned.perNodeHour, 3)} USD/h${electricity} = ${usd(owned.perStep.value)} (95 %: ${usd(owned.perStep.low95)} to ${usd(owned.perStep.high95)}); ${owned.what}`, source: owned.sources.join(", ") });
  }
  if (unknown.length > 0) lines.push({ what: "Money not told", equation: unknown.join("; "), source: "" });
  return lines;
}

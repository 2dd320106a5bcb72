/** Energy and money of a step on a few lines of a prediction, and in an explanation. */
import type { ExplainedEnergy } from "../../model/explain/energy.ts";
import type { TrainingBill } from "../../model/energy/training.ts";
import type { EnergyReport, MoneyReport } from "../../model/prediction.ts";
import { formatNumber, showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";

const boundaries = { devices: "devices alone", nodes: "nodes", system: "nodes, fabric and storage", site: "site" } as const;

export function energyLines(energy: EnergyReport | null, money: MoneyReport, devices: string, per: "sample" | "token"): string[] {
  const lines: string[] = [];
  if (energy === null) lines.push("Energy: not known; the device document states no power");
  else {
    const { power_w: { device, node, system, site }, boundary, perSample_J, perStep_J, carbonPerStep_kg } = energy;
    const all = boundary === "site" ? site : system;
    const step = perStep_J[boundary] ?? perStep_J.devices;
    const powers = [`${showQuantity(device.value, "power")} a GPU (${showQuantity(device.low95, "power")} – ${showQuantity(device.high95, "power")})`, ...(node === null ? [] : [`${showQuantity(node.value, "power")} a node`]), ...(all === null ? [] : [`${showQuantity(all.value, "power")} in all (${boundaries[boundary]})`])];
    lines.push(`Power at ${devices} GPUs: ${powers.join(", ")}`);
    const carbon = carbonPerStep_kg === null ? "" : `, ${showQuantity(carbonPerStep_kg.value, "mass")} CO2e`;
    lines.push(`Energy of a step: ${showQuantity(step.value, "energy")} (${showQuantity(step.low95, "energy")} – ${showQuantity(step.high95, "energy")})${carbon}; ${formatNumber(perSample_J.value, 3)} J a ${per}`);
  }
  const { rented, owned } = money;
  const usd = (value: number) => showQuantity(value, "money");
  const sums = [...(rented === null ? [] : [`rented ${usd(rented.perStep.middle)} (${usd(rented.perStep.low)} – ${usd(rented.perStep.high)}; ${rented.offers.length} offers)`]), ...(owned === null ? [] : [`owned ${usd(owned.perStep.value)} (${usd(owned.perStep.low95)} – ${usd(owned.perStep.high95)})`])];
  if (sums.length > 0) lines.push(`Cost of a step: ${sums.join(", ")}`);
  return lines;
}

/** Energy and money of a whole training run. */
export function billLines({ energy_J, boundary, parts, carbon_kg, rented, owned, unknown }: TrainingBill): string[] {
  const usd = (value: number) => showQuantity(value, "money");
  const shares = energy_J === null ? "" : parts.filter(({ id }) => id !== "step").map(({ label, energy_J: part }) => `, of which ${label.toLowerCase()} ${formatNumber((part / energy_J.value) * 100, 2)} %`).join("");
  return [
    energy_J === null || boundary === null ? "Energy: not known; the device document states no power" : `Energy to train: ${showQuantity(energy_J.value, "energy")} (${showQuantity(energy_J.low95, "energy")} – ${showQuantity(energy_J.high95, "energy")}; ${boundaries[boundary]})${shares}`,
    ...(carbon_kg === null ? [] : [`Emissions: ${showQuantity(carbon_kg.value, "mass")} CO2e (${showQuantity(carbon_kg.low95, "mass")} – ${showQuantity(carbon_kg.high95, "mass")})`]),
    ...(rented === null && owned === null ? [] : [`Cost: ${[...(rented === null ? [] : [`rented ${usd(rented.middle)} (${usd(rented.low)} – ${usd(rented.high)})`]), ...(owned === null ? [] : [`owned ${usd(owned.value)} (${usd(owned.low95)} – ${usd(owned.high95)})`])].join(", ")}`]),
    ...(unknown.length > 0 ? [`Not counted or not known: ${unknown.join("; ")}`] : []),
  ];
}

export const writeEnergyExplanation = (lines: readonly ExplainedEnergy[], look: Look): string =>
  [bold("Energy and money of a step", look), ...lines.flatMap(({ what, equation, source }) => [wrap(`  ${what}: ${equation}`, look.width, "    "), ...(source === "" ? [] : [dim(wrap(`    ${source}`, look.width, "    "), look)])])].join("\n");

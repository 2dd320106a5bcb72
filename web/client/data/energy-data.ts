/** Energy and money of a step for its panel: the finding, rows that add up to the step, the table with boundaries and offers. */
import { gridWords } from "../../../model/explain/energy.ts";
import type { EnergyReport, Estimate, MoneyReport, TermGroup } from "../../../model/prediction.ts";
import type { PartBar } from "../charts/part-bars.ts";
import { count, percent, show, unitOf, interval95 } from "../format.ts";
import type { Table } from "./table.ts";

/** What the panel needs of a point of either kind of prediction. */
export interface EnergySubject {
  readonly devices: number;
  readonly nodes: number;
  readonly stepTime_s: Estimate;
  readonly energy: EnergyReport | null;
  readonly money: MoneyReport;
}

const boundaryWords: Readonly<Record<EnergyReport["boundary"], string>> = { devices: "devices alone", nodes: "nodes with all that is in them", system: "nodes with fabric and storage", site: "the site with its cooling" };
const colours: Readonly<Record<TermGroup, string>> = { compute: "var(--compute)", memory: "var(--memory)", comm: "var(--comm)", storage: "var(--storage)", wait: "var(--wait)", host: "var(--host)", other: "var(--other)" };

const stepEnergy = ({ boundary, perStep_J }: EnergyReport): Estimate => perStep_J[boundary] ?? perStep_J.devices;

export function energyTitle({ energy }: EnergySubject): string {
  if (energy === null) return "What a step draws is not known";
  const total = stepEnergy(energy).value;
  const beside = energy.parts.filter(({ id }) => !id.startsWith("devices-")).reduce((sum, { perStep_J }) => sum + perStep_J, 0);
  const still = energy.parts.filter(({ id }) => id === "devices-waiting" || id === "devices-communication").reduce((sum, { perStep_J }) => sum + perStep_J, 0);
  const what = still > 0.15 * total ? `${percent(still / total, 2)} of it while devices wait or exchange` : beside > 0 ? `${percent(beside / total, 2)} of it outside the devices` : "the devices alone";
  return `A step takes ${show(total, "energy")}, ${what}`;
}

export function energySubtitle({ energy, devices }: EnergySubject): string {
  if (energy === null) return "The device document states no power.";
  const { device, node, system, site } = energy.power_w;
  const all = energy.boundary === "site" ? site : system;
  const parts = [`Mean of a GPU ${show(device.value, "power")} (${interval95(device, unitOf(device.value, "power"))})`, ...(node === null ? [] : [`of a node ${show(node.value, "power")}`]), ...(all === null ? [] : [`of all ${count(devices)} GPUs ${show(all.value, "power")}`])];
  return `${parts.join(", ")}: ${boundaryWords[energy.boundary]}.`;
}

export function energyRows({ energy }: EnergySubject): PartBar[] {
  if (energy === null) return [];
  const total = stepEnergy(energy).value;
  return energy.parts.toSorted((a, b) => b.perStep_J - a.perStep_J).map(({ id, label, group, perStep_J }) => {
    const activity = energy.activities.find((one) => `devices-${one.activity}` === id);
    const rows: Array<readonly [string, string]> = [["a step", show(perStep_J, "energy")], ["of all", percent(perStep_J / total)]];
    if (activity) rows.push(["power of a GPU", show(activity.power_w, "power")]);
    return { id, label, value: perStep_J, shown: `${show(perStep_J, "energy")}, ${percent(perStep_J / total, 2)}`, colour: colours[group], tip: { head: label, rows, ...(activity?.limited ? { text: `The work asks for ${show(activity.demand_w, "power")}: the board's limit lowers the clock, which measured rates contain.` } : {}) } };
  });
}

export function moneyNotes({ money, energy }: EnergySubject): string[] {
  const { rented, owned } = money;
  const usd = (value: number) => show(value, "money");
  const unknown = [...(energy?.unknown ?? []), ...money.unknown];
  const carbon = energy?.carbonPerStep_kg ?? null;
  return [
    ...(carbon === null ? [] : [`Emissions of a step: ${show(carbon.value, "mass")} of CO2 equivalents, ${gridWords(energy?.grid ?? null)}.`]),
    ...(rented === null ? [] : [`Rented: ${usd(rented.perStep.middle)} a step, ${usd(rented.perStep.low)} to ${usd(rented.perStep.high)} over ${count(rented.offers.length)} dated offers of ${show(rented.perDeviceHour.low / 3600, "hourly-price")} to ${show(rented.perDeviceHour.high / 3600, "hourly-price")} a GPU.`]),
    ...(owned === null ? [] : [`Owned: ${usd(owned.perStep.value)} a step, ${usd(owned.perStep.low95)} to ${usd(owned.perStep.high95)}${owned.electricityPerStep === null ? "" : `, of which electricity ${usd(owned.electricityPerStep)}`}; ${owned.what}.`]),
    ...(unknown.length > 0 ? [`Not counted or not known: ${unknown.join("; ")}.`] : []),
  ];
}

export function energyTable(subject: EnergySubject): Table {
  const { energy, money, devices } = subject;
  const rows: Table["rows"] = (energy?.parts ?? []).map(({ label, perStep_J }) => [label, perStep_J, null, null, "J"]);
  const add = (name: string, estimate: Estimate | null | undefined, unit: string) => {
    if (estimate) rows.push([name, estimate.value, estimate.low95, estimate.high95, unit]);
  };
  if (energy) {
    add("Step", stepEnergy(energy), "J");
    add("Device, mean", energy.power_w.device, "W");
    add("Node, mean", energy.power_w.node, "W");
    add("Nodes with fabric and storage", energy.power_w.system, "W");
    add("Site", energy.power_w.site, "W");
    add("Emissions of a step", energy.carbonPerStep_kg, "kg");
  }
  if (money.rented) rows.push(["Step on rented devices", money.rented.perStep.middle, money.rented.perStep.low, money.rented.perStep.high, "USD"]);
  add("Step on an owned machine", money.owned?.perStep, "USD");
  return { name: "energy", caption: `Energy and money of a step on ${count(devices)} GPUs`, columns: [{ name: "part" }, { name: "value" }, { name: "low 95 %" }, { name: "high 95 %" }, { name: "unit" }], rows };
}

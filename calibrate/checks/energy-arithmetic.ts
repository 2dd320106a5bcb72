/** Energies, emissions and sums that sources computed from stated hours, rated power, PUE, intensity and prices: both sides are the same product, so agreement shows conventions and no more. */
import { against, figure, type Check, type CheckInput } from "./types.ts";

interface Rated {
  readonly id: string;
  readonly hours: string;
  readonly power_kW: number;
  readonly pue?: string;
  /** Id of the intensity, and kilograms per kilowatt-hour of its unit. */
  readonly intensity?: readonly [id: string, kg: number];
  readonly words: string;
}

const llama = (name: string, kind: "energy" | "carbon"): Rated => ({
  id: `llama1-t15-${name}-${kind}`,
  hours: `llama1-t15-${name}-gpuh`,
  power_kW: 0.4,
  pue: "pue-llama1",
  ...(kind === "carbon" ? { intensity: ["us-grid-llama1", 1] as const } : {}),
  words: "hours x 400 W x PUE 1.1",
});
const llama2 = (name: string, power_kW: number): Rated => ({ id: `llama2-${name}-carbon`, hours: `llama2-${name}-gpuh`, power_kW, pue: "pue-llama1", intensity: ["us-grid-llama1", 1], words: `hours x ${power_kW * 1000} W x PUE 1.1 x 0.385 kg/kWh` });
const llama31 = (name: string): Rated => ({ id: `llama31-${name}-carbon`, hours: `llama31-${name}-gpuh`, power_kW: 0.7, pue: "pue-llama1", intensity: ["us-grid-llama1", 1], words: "hours x 700 W; PUE and intensity of the first report, which this one does not state" });

const rated: readonly Rated[] = [
  ...["opt-175b", "bloom-175b", "llama-7b", "llama-13b", "llama-33b"].map((name) => llama(name, "energy")),
  ...["bloom-175b", "llama-7b", "llama-65b"].map((name) => llama(name, "carbon")),
  llama2("7b", 0.4), llama2("34b", 0.35), llama2("70b", 0.4),
  llama31("70b"), llama31("405b"), llama31("total"),
  { id: "bloom-carbon-dynamic", hours: "bloom-gpuh", power_kW: 0.4, intensity: ["grid-france-2022", 1e-3], words: "hours x 400 W x 57 g/kWh, without PUE" },
];

export function arithmeticChecks({ facts }: CheckInput): Check[] {
  const of = (id: string): number => figure(facts, id).value;
  return [
    ...rated.map(({ id, hours, power_kW, pue, intensity, words }) => {
      const energy_kWh = of(hours) * power_kW * (pue === undefined ? 1 : of(pue));
      const value = intensity === undefined ? energy_kWh / 1000 : (energy_kWh * of(intensity[0]) * intensity[1]) / 1000;
      return against(facts, id, { value }, "arithmetic", `rated power: ${words}`);
    }),
    against(facts, "ds3-cost", { value: (of("ds3-gpuh-total") * of("ds3-price")) / 1e6 }, "arithmetic", "hours x 2 USD"),
  ];
}

/**
 * Power of one device by what it does (a constant part while kernels run, and one that grows with the rate: the form of Hong and Kim, ISCA 2010, on the scale between idle and board power):
 *   products  idle + (board - idle) (active + products u)   u: FLOP rate over the peak of the precision
 *   memory    idle + (board - idle) (active + memory v)     v: bytes per second over the peak bandwidth
 *   messages  idle + (board - idle) communication           on the way and not hidden behind compute
 *   waiting   idle + (board - idle) waiting                 a kernel that polls, or the next one not issued yet
 * never more than the board's limit: where the formula asks for more the clock falls, which measured rates of large products contain already. A FLOP at half the peak rate
 * costs twice the energy, so precisions differ through their peaks. Left out: temperature, the values that are multiplied (up to a few ten per cent), messages hidden behind compute.
 */
export const powerParameters = ["active", "products", "memory", "communication", "waiting"] as const;
export type PowerParameter = (typeof powerParameters)[number];

/** Shares of the range between idle and board power. */
export type PowerLaw = Readonly<Record<PowerParameter, number>>;

export interface DevicePower {
  readonly board_w: number;
  readonly idle_w: number;
  readonly law: PowerLaw;
}

export const activities = ["products", "memory", "communication", "waiting"] as const;
export type Activity = (typeof activities)[number];

/** Time of one device in each activity over a step, and at which share of its peaks products and memory run. */
export interface ActivityTimes {
  products_s: number;
  products: number;
  memory_s: number;
  memory: number;
  communication_s: number;
  waiting_s: number;
}

/** What the formula asks for, without the board's limit. */
export function demand_w({ board_w, idle_w, law }: DevicePower, activity: Activity, share: number): number {
  const range = board_w - idle_w;
  if (activity === "products") return idle_w + range * (law.active + law.products * share);
  if (activity === "memory") return idle_w + range * (law.active + law.memory * share);
  return idle_w + range * law[activity];
}

export const power_w = (device: DevicePower, activity: Activity, share: number): number => Math.min(device.board_w, demand_w(device, activity, share));

/** Of one device over a step. */
export function deviceEnergy_J(device: DevicePower, { products_s, products, memory_s, memory, communication_s, waiting_s }: ActivityTimes): number {
  return products_s * power_w(device, "products", products) + memory_s * power_w(device, "memory", memory) + communication_s * power_w(device, "communication", 0) + waiting_s * power_w(device, "waiting", 0);
}

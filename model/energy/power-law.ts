/**
 * Power of one device by what it does (a constant part while kernels run, and one that grows with the rate: the form of Hong and Kim, ISCA 2010, on the scale between idle and board power):
 *   products  idle + (board - idle) (active + products u)   u: FLOP rate over the peak of the precision
 *   memory    idle + (board - idle) (active + memory v)     v: bytes per second over the peak bandwidth
 *   messages  idle + (board - idle) communication           on the way and not hidden behind compute
 *   waiting   idle + (board - idle) waiting                 a kernel that polls, or the next one not issued yet
 * never more than the board's limit: where the formula asks for more the clock falls, which measured rates of large products contain already. Kernels of a step differ, so the mean bends
 * towards the limit before the formula reaches it: x / (1 + x^8)^(1/8) of the range. Precisions differ through their peaks: a FLOP of the narrower one costs as much less as its peak is
 * higher. Left out: temperature, the values that are multiplied (a few ten per cent), messages hidden behind compute.
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

/** What the formula asks for over the range between idle and board power, without the board's limit. */
function demand({ law }: DevicePower, activity: Activity, share: number): number {
  if (activity === "products") return law.active + law.products * share;
  if (activity === "memory") return law.active + law.memory * share;
  return law[activity];
}

export const demand_w = (device: DevicePower, activity: Activity, share: number): number => device.idle_w + (device.board_w - device.idle_w) * demand(device, activity, share);

export function power_w(device: DevicePower, activity: Activity, share: number): number {
  const asked = demand(device, activity, share);
  const squared = asked * asked;
  const fourth = squared * squared;
  return device.idle_w + (device.board_w - device.idle_w) * (asked / Math.sqrt(Math.sqrt(Math.sqrt(1 + fourth * fourth))));
}

/** Of one device over a step. */
export function deviceEnergy_J(device: DevicePower, { products_s, products, memory_s, memory, communication_s, waiting_s }: ActivityTimes): number {
  return products_s * power_w(device, "products", products) + memory_s * power_w(device, "memory", memory) + communication_s * power_w(device, "communication", 0) + waiting_s * power_w(device, "waiting", 0);
}

/** Times of activities where no program of the network is at hand: half of the work products at half their peak, half memory-bound kernels at three quarters of the bandwidth. */
import type { ActivityTimes } from "./power-law.ts";

/** Over one second. `working`: share of the time that kernels run; the rest is messages and waiting in halves. */
export function layerlessMix(working: number): ActivityTimes {
  return { products_s: working / 2, products: 0.5, memory_s: working / 2, memory: 0.75, communication_s: (1 - working) / 2, waiting_s: (1 - working) / 2 };
}

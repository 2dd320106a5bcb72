/**
 * What the equations leave open where every parameter is known, and noise from run to run: standard deviation of the logarithm of step time. Repeats of one configuration
 * differ by 1 to 5 %. Routing, permutation and dispatch of experts differ by settings that no source states: neighbouring releases of mixture-of-experts runs differ by
 * 10 to 30 %, those of dense models by 3 %.
 */
import type { Architecture } from "../../workload/transformer/architecture.ts";

const dense = 0.05;
const sparse = 0.12;

export const discrepancyOf = ({ experts }: Pick<Architecture, "experts">): number => (experts === null ? dense : sparse);

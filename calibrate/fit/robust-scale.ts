/**
 * Spread of residuals in which far ones count by their size and not by its square: the scale at which their mean soft-L1 loss is that of a standard normal
 * law (an M-estimate of scale, Huber 1981, chapter 5). For normal residuals it is their standard deviation. One gross error still decides it: such points
 * have to be taken out before.
 */
import { bisect } from "simple-statistics";

/** Mean of 2 (sqrt(1 + z^2) - 1) over a standard normal z. */
const normalLoss = 0.70906;

export function robustScale(residuals: readonly number[]): number {
  const most = Math.max(0, ...residuals.map(Math.abs));
  if (most === 0) return 0;
  const excess = (log: number): number => {
    const scale = Math.exp(log);
    return residuals.reduce((sum, residual) => sum + 2 * (Math.hypot(1, residual / scale) - 1), 0) / residuals.length - normalLoss;
  };
  // With all but one residual at zero the mean loss at most / (10 n) is still above the normal's.
  return Math.exp(bisect(excess, Math.log(most / (10 * residuals.length)), Math.log(2 * most), 60, 1e-6));
}

/**
 * Sites that differ: each site's mean is drawn around a common one (random effects). Variance between sites by Paule and Mandel (1982), which needs no law of the effects; the interval of
 * a site not seen by Higgins, Thompson and Spiegelhalter (2009), with Student's t of sites - 1 degrees: one more than their sites - 2, as the common mean is all that is fitted.
 */
export interface SiteValue {
  readonly value: number;
  readonly error: number;
}

export interface SiteEffects {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
  /** Standard deviation between sites. */
  readonly between: number;
  /** Standard deviation of a new site's value. */
  readonly spread: number;
  readonly degrees: number;
}

export function fitSites(sites: readonly SiteValue[]): SiteEffects {
  const at = (variance: number) => {
    const weights = sites.map(({ error }) => 1 / (variance + error * error));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = sites.reduce((sum, { value }, index) => sum + value * (weights[index] as number), 0) / total;
    return { mean, total, scatter: sites.reduce((sum, { value }, index) => sum + (weights[index] as number) * (value - mean) ** 2, 0) };
  };
  const degrees = sites.length - 1;
  let [low, high] = [0, 100];
  // Scatter falls with the variance; it equals the degrees of freedom at the estimate.
  if (at(0).scatter <= degrees) high = 0;
  for (let step = 0; step < 100 && high > low; step++) {
    const middle = (low + high) / 2;
    if (at(middle).scatter > degrees) low = middle;
    else high = middle;
  }
  const variance = (low + high) / 2;
  const { mean, total } = at(variance);
  return { mean, error: Math.sqrt(1 / total), between: Math.sqrt(variance), spread: Math.sqrt(variance + 1 / total), degrees };
}

/** Quantile of Student's t by bisection of its distribution, which Simpson's rule sums. */
export function studentQuantile(share: number, degrees: number): number {
  let [low, high] = [0, 1000];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (0.5 + studentArea(middle, degrees) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const studentDensity = (t: number, degrees: number): number => (1 + (t * t) / degrees) ** (-(degrees + 1) / 2);

/** From 0 to t. The angle atan(t / sqrt(degrees)) makes the tail finite. */
function studentArea(t: number, degrees: number): number {
  const integrate = (to: number): number => {
    const parts = 400;
    const step = to / parts;
    let sum = 0;
    for (let index = 0; index <= parts; index++) {
      const angle = index * step;
      const x = Math.sqrt(degrees) * Math.tan(angle);
      const value = index === 0 || index === parts ? 1 : index % 2 === 1 ? 4 : 2;
      sum += value * studentDensity(x, degrees) * Math.sqrt(degrees) * (1 + Math.tan(angle) ** 2);
    }
    return (sum * step) / 3;
  };
  return (0.5 * integrate(Math.atan(t / Math.sqrt(degrees)))) / integrate(Math.PI / 2 - 1e-9);
}

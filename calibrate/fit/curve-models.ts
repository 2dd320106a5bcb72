/**
 * Curves that one benchmark follows over one variable, each as a function of unbounded parameters. Latency and bandwidth: Hockney 1994, y = a + x / B;
 * with regimes of their own it is the usual form of LogGP (Alexandrov et al. 1995). Saturation: y = peak x^p / (x^p + h^p). Levels: steps of log y where a
 * working set leaves a cache. Left out: models of two variables at once (those are surfaces).
 */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Standard error of log y, from the repeats. */
  readonly noise: number;
}

export interface CurveParameter {
  readonly name: string;
  readonly unit: "x" | "y" | "x/y" | "1";
  /** Of the unbounded parameter. */
  readonly prior: { readonly mean: number; readonly sd: number };
}

export interface CurveModel {
  readonly id: string;
  readonly parameters: readonly CurveParameter[];
  /** log y at x. */
  readonly logAt: (unbounded: ArrayLike<number>, x: number) => number;
  /** What a reader is shown of the unbounded parameters, in their order. */
  readonly show: (unbounded: ArrayLike<number>) => number[];
  /** Where one regime ends and the next begins, as the candidate was made. */
  readonly cuts: readonly number[];
  /** The same as fitted, with the edges of levels. */
  readonly breaks: (unbounded: ArrayLike<number>) => number[];
}

const wide = 4;
const exponentials = (unbounded: ArrayLike<number>): number[] => Array.from(unbounded, Math.exp);
const first = (points: readonly CurvePoint[]): CurvePoint => points[0] as CurvePoint;
const last = (points: readonly CurvePoint[]): CurvePoint => points.at(-1) as CurvePoint;

export function constantModel(points: readonly CurvePoint[]): CurveModel {
  return {
    id: "constant",
    parameters: [{ name: "value", unit: "y", prior: { mean: Math.log(first(points).y), sd: wide } }],
    logAt: (unbounded) => unbounded[0] as number,
    show: exponentials,
    cuts: [],
    breaks: () => [],
  };
}

/** `cuts`: sizes at which a new regime begins. Each regime has its own latency and bandwidth. */
export function alphaBetaModel(points: readonly CurvePoint[], cuts: readonly number[]): CurveModel {
  const regimes = cuts.length + 1;
  const regimeOf = (x: number): number => cuts.filter((cut) => x >= cut).length;
  const parameters = Array.from({ length: regimes }, (_, regime): CurveParameter[] => {
    const own = points.filter(({ x }) => regimeOf(x) === regime);
    const suffix = regimes > 1 ? ` ${regime + 1}` : "";
    return [
      { name: `latency${suffix}`, unit: "y", prior: { mean: Math.log(first(own).y), sd: wide } },
      { name: `bandwidth${suffix}`, unit: "x/y", prior: { mean: Math.log(last(own).x / last(own).y), sd: wide } },
    ];
  }).flat();
  return {
    id: regimes === 1 ? "latency and bandwidth" : `${regimes} regimes of latency and bandwidth`,
    parameters,
    logAt: (unbounded, x) => {
      const at = 2 * regimeOf(x);
      return Math.log(Math.exp(unbounded[at] as number) + x / Math.exp(unbounded[at + 1] as number));
    },
    show: exponentials,
    cuts,
    breaks: () => [...cuts],
  };
}

/** `steep`: whether the power is fitted too; otherwise it is 1, as of a pipeline that takes a fixed time to fill. */
export function saturationModel(points: readonly CurvePoint[], steep: boolean): CurveModel {
  const most = Math.max(...points.map(({ y }) => y));
  return {
    id: steep ? "saturation with a power" : "saturation",
    parameters: [
      { name: "peak", unit: "y", prior: { mean: Math.log(most), sd: 1 } },
      { name: "half-size", unit: "x", prior: { mean: Math.log(first(points).x), sd: wide } },
      ...(steep ? [{ name: "power", unit: "1", prior: { mean: 0, sd: 0.7 } } as const] : []),
    ],
    logAt: (unbounded, x) => (unbounded[0] as number) - Math.log1p((Math.exp(unbounded[1] as number) / x) ** (steep ? Math.exp(unbounded[2] as number) : 1)),
    show: exponentials,
    cuts: [],
    breaks: () => [],
  };
}

/** `edges`: guesses of where the steps are. A step is a factor in y, spread over some range of x, in the same proportion for all steps. */
export function levelsModel(points: readonly CurvePoint[], edges: readonly number[]): CurveModel {
  const levels = edges.length + 1;
  const widthAt = 2 * levels - 1;
  const step = (x: number, edge: number, width: number): number => 1 / (1 + Math.exp((edge - Math.log(x)) / width));
  const logLevel = (unbounded: ArrayLike<number>, level: number): number => {
    let log = unbounded[0] as number;
    for (let at = 1; at <= level; at++) log += unbounded[2 * at] as number;
    return log;
  };
  return {
    id: levels === 1 ? "one level" : `${levels} levels`,
    parameters: [
      { name: "level 1", unit: "y", prior: { mean: Math.log(first(points).y), sd: 2 } },
      ...edges.flatMap((edge, at): CurveParameter[] => [
        { name: `edge ${at + 1}`, unit: "x", prior: { mean: Math.log(edge), sd: 0.6 } },
        { name: `level ${at + 2}`, unit: "y", prior: { mean: 0, sd: 1.5 } },
      ]),
      // Points a factor of two apart do not tell steeper steps from each other.
      ...(levels > 1 ? [{ name: "width of a step", unit: "1", prior: { mean: Math.log(0.35), sd: 0.3 } } as const] : []),
    ],
    logAt: (unbounded, x) => {
      let log = unbounded[0] as number;
      const width = Math.exp(unbounded[widthAt] ?? 0);
      for (let at = 1; at < levels; at++) log += (unbounded[2 * at] as number) * step(x, unbounded[2 * at - 1] as number, width);
      return log;
    },
    show: (unbounded) => Array.from(unbounded, (value, at) => (at % 2 === 1 ? Math.exp(value) : Math.exp(logLevel(unbounded, at / 2)))),
    cuts: [],
    breaks: (unbounded) => edges.map((_, at) => Math.exp(unbounded[2 * at + 1] as number)),
  };
}

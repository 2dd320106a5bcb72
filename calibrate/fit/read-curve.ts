/**
 * A fitted curve at any place, from the parameters that a calibration states: latency and bandwidth by regime, saturation, levels, one value. The samples
 * that the document holds beside them are too few to follow the steps between levels. Null for a model that is not known here.
 */
import type { CurveFit } from "../../model/schema/calibration.ts";

type Stated = Pick<CurveFit, "model" | "parameters" | "breaks">;

export function readCurve({ model, parameters, breaks }: Stated, x: number): number | null {
  const of = (name: string): number => parameters[name]?.value ?? Number.NaN;
  const value = valueOf();
  return Number.isFinite(value) ? value : null;

  function valueOf(): number {
    if (model === "constant") return of("value");
    if (model.endsWith("latency and bandwidth")) {
      const suffix = model === "latency and bandwidth" ? "" : ` ${breaks.filter((end) => x >= end).length + 1}`;
      return of(`latency${suffix}`) + x / of(`bandwidth${suffix}`);
    }
    if (model === "saturation") return of("peak") / (1 + of("half-size") / x);
    if (model === "saturation with a power") return of("peak") / (1 + (of("half-size") / x) ** of("power"));
    if (/levels?$/.test(model)) return atLevels();
    return Number.NaN;
  }

  function atLevels(): number {
    let log = Math.log(of("level 1"));
    for (let at = 1; parameters[`edge ${at}`] !== undefined; at++) {
      const passed = 1 / (1 + Math.exp((Math.log(of(`edge ${at}`)) - Math.log(x)) / of("width of a step")));
      log += Math.log(of(`level ${at + 1}`) / of(`level ${at}`)) * passed;
    }
    return Math.exp(log);
  }
}

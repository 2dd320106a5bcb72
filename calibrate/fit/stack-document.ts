/** Estimates of stack parameters -> calibration documents, one per family and parameter. */
import type { Library } from "../../model/scenario.ts";
import { estimateRows, makeEstimate, type MadeEstimate } from "./stack-estimates.ts";

/**
 * Standard error of the log when an estimate is carried to another workload or device. Convolution factors of the 2018 stack over two networks each
 * differ by 1 % (FP32) and 15 % (FP16), which is 0.08 as a standard deviation of one; 0.10 is taken. Depth-wise factors are known for one stack only.
 */
const transferErrors: Record<string, number> = { "kernels.convolutionFactor.fp32": 0.1, "kernels.convolutionFactor.fp16": 0.1, "kernels.depthwiseTraffic": 0.25 };

const titles: Record<string, string> = {
  "kernels.convolutionFactor.fp32": "convolution factor, FP32",
  "kernels.convolutionFactor.fp16": "convolution factor, FP16",
  "kernels.depthwiseTraffic": "depth-wise traffic",
};

export interface StackDocument {
  id: string;
  title: string;
  scope: { kind: "stack"; family: string; parameter: string };
  method: string;
  transferError: number;
  estimates: Array<Omit<MadeEstimate, "family" | "parameter">>;
}

export function makeStackDocuments(library: Library): StackDocument[] {
  const documents = new Map<string, StackDocument>();
  for (const { family, parameter, ...estimate } of estimateRows.map((row) => makeEstimate(library, row))) {
    const id = `${family}-${parameter.replace(/^kernels\./, "").replaceAll(".", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const document = documents.get(id) ?? {
      id,
      title: `${family}: ${titles[parameter] ?? parameter}`,
      scope: { kind: "stack" as const, family, parameter },
      method: "the value with which the model gives the run's figure back, by bisection (calibrate/fit/stack-estimates.ts)",
      transferError: transferErrors[parameter] ?? 0.2,
      estimates: [],
    };
    document.estimates.push({ ...estimate, value: Number(estimate.value.toPrecision(6)), standardError: Number(estimate.standardError.toPrecision(4)) });
    documents.set(id, document);
  }
  return [...documents.values()];
}

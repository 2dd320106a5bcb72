/**
 * The numbers a scenario rests on, one by one: facts of its documents and fitted parameters. Each can be replaced by another value without touching the
 * scenario it came from, which is how intervals, sensitivities and unused inputs are found.
 */
import { collectivePath, type CollectiveParameter, type FoundCollectives } from "../resolve/collectives.ts";
import { z95, type Parameter } from "../resolve/parameters.ts";
import type { Scenario } from "../scenario.ts";
import { isFact, type Fact } from "../schema/fact.ts";
import type { ParameterName, Parameters } from "../resources.ts";

export interface FactInput {
  kind: "fact";
  path: string;
  fact: Fact;
}
export interface ParameterInput {
  kind: "parameter";
  path: string;
  name: ParameterName;
  parameter: Parameter;
}
/** A fitted parameter of the communication library; no document of the scenario holds it. */
export interface CollectiveInput {
  kind: "collective";
  path: string;
  parameter: CollectiveParameter;
}
export type Input = FactInput | ParameterInput | CollectiveInput;

const documents = ["device", "machine", "workload", "plan", "stack"] as const;

/** Every fact of the scenario's documents by path. A fact that a fitted parameter stands in for is listed as that parameter instead. */
export function listInputs(scenario: Scenario, parameters: Parameters, parameterPath: (name: ParameterName) => string, collectives: FoundCollectives | null): Input[] {
  const fitted = new Map((Object.keys(parameters) as ParameterName[]).map((name) => [parameterPath(name), name]));
  const inputs: Input[] = [];
  const visit = (value: unknown, path: string): void => {
    // Links one by one are what the events engine reads; predictions rest on the machine's figures as a whole, and say so (predict/unused.ts).
    if (path === "machine.interconnect") return;
    // A whole training run rests on these, not a step (training-run/train.ts).
    if (path === "machine.reliability" || path === "plan.checkpoint") return;
    if (isFact(value)) {
      const name = fitted.get(path);
      if (name) inputs.push({ kind: "parameter", path, name, parameter: parameters[name] });
      else inputs.push({ kind: "fact", path, fact: value });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    }
  };
  for (const kind of documents) visit(scenario[kind], kind);
  for (const parameter of collectives?.parameters ?? []) inputs.push({ kind: "collective", path: collectivePath(parameter), parameter });
  return inputs;
}

/** The ends of the 95 % interval; undefined where the input is exact. */
export function ends(input: Input): { low: number; high: number } | undefined {
  if (input.kind !== "fact") {
    const { value, standardError } = input.parameter;
    return standardError > 0 ? { low: value * Math.exp(-z95 * standardError), high: value * Math.exp(z95 * standardError) } : undefined;
  }
  const { low, high } = input.fact;
  return low !== undefined && high !== undefined && high > low ? { low, high } : undefined;
}

export const valueOf = (input: Input) => (input.kind === "fact" ? input.fact.value : input.parameter.value);

/// <reference lib="webworker" />
/** Simulates off the page's thread, and says what it is doing. It is ended from outside when its answer is not wanted any more: a simulation does not listen while it runs. */
import { InputError } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import { simulateOutcome } from "./outcome.ts";
import type { SimulationAnswer, SimulationRequest } from "./protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const answer = (message: SimulationAnswer) => scope.postMessage(message);
let library: Library | null = null;

scope.addEventListener("message", ({ data }: MessageEvent<SimulationRequest>) => {
  if (data.type === "library") library = data.library;
  else if (library !== null) answer(compute(library, data));
});

function compute(documents: Library, { id, question }: Extract<SimulationRequest, { type: "simulate" }>): SimulationAnswer {
  try {
    const started = performance.now();
    const { outcome, problems } = simulateOutcome(documents, question, (words) => answer({ type: "progress", id, words }));
    return outcome ? { type: "simulation", id, outcome: { ...outcome, elapsed_ms: performance.now() - started } } : { type: "problems", id, problems };
  } catch (error) {
    if (error instanceof InputError) return { type: "problems", id, problems: error.problems };
    return { type: "problems", id, problems: [{ code: "fault", path: "model", got: error instanceof Error ? error.message : String(error), expected: "a simulation", hint: "this is a fault of the program: please report it with the address of this page" }] };
  }
}

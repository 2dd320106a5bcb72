/// <reference lib="webworker" />
/** Runs the model off the page's thread. It holds the library; of the waiting requests of a slot only the newest is computed. */
import { validate } from "../../calibrate/validate.ts";
import { InputError, type Problem } from "../../model/problems.ts";
import type { Library } from "../../model/scenario.ts";
import { alternativesOf, resolveScenario } from "../../model/index.ts";
import { computeOutcome } from "./data/outcome.ts";
import { createWaiting } from "./newest.ts";
import type { Answer, Request, Slot } from "./protocol.ts";

type Question = Exclude<Request, { type: "library" }>;

const scope = self as unknown as DedicatedWorkerGlobalScope;
const waiting = createWaiting<Slot, Question>(["current", "baseline", "secondary", "inputs", "validation", "alternatives"]);
let library: Library | null = null;
let scheduled = false;
const tick = new MessageChannel();
tick.port1.addEventListener("message", work);
tick.port1.start();

scope.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  if (data.type === "library") library = data.library;
  else {
    const older = waiting.add(data);
    if (older) answer({ type: "superseded", id: older.id, slot: older.slot });
  }
  schedule();
});

const answer = (message: Answer) => scope.postMessage(message);

/** Through the message queue, so that requests that have already arrived are seen before the next computation begins. */
function schedule(): void {
  if (scheduled || library === null || waiting.size === 0) return;
  scheduled = true;
  tick.port2.postMessage(null);
}

function work(): void {
  scheduled = false;
  if (library === null) return;
  const question = waiting.next();
  if (question) answer(compute(library, question));
  schedule();
}

function compute(documents: Library, question: Question): Answer {
  const { id, slot } = question;
  const failed = (problems: readonly Problem[]): Answer => ({ type: "problems", id, slot, problems });
  try {
    if (question.type === "validate") {
      const result = validate(documents, { runs: question.runs, protocol: "leave-one-series-out" });
      return "validation" in result && result.validation ? { type: "validation", id, slot: "validation", validation: result.validation } : failed(result.problems);
    }
    if (question.type === "alternatives") {
      const { scenario, problems } = resolveScenario(documents, question.selection);
      return scenario ? { type: "alternatives", id, slot: "alternatives", alternatives: alternativesOf(documents, question.selection, scenario, question.devices) } : failed(problems);
    }
    const started = performance.now();
    const computed = computeOutcome(documents, question.selection, question.devices);
    if (!computed.outcome) return failed(computed.problems);
    return { type: "outcome", id, slot, outcome: { ...computed.outcome, elapsed_ms: performance.now() - started } };
  } catch (error) {
    if (error instanceof InputError) return failed(error.problems);
    return failed([{ code: "fault", path: "model", got: error instanceof Error ? error.message : String(error), expected: "a prediction", hint: "this is a fault of the program: please report it with the address of this page" }]);
  }
}

/// <reference lib="webworker" />
/** Draws training runs off the page's thread. */
import { InputError, type Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import { showTraining } from "../data/training-model.ts";
import type { TrainingAnswer, TrainingRequest } from "./protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const answer = (message: TrainingAnswer) => scope.postMessage(message);
let library: Library | null = null;

scope.addEventListener("message", ({ data }: MessageEvent<TrainingRequest>) => {
  if (data.type === "library") {
    library = data.library;
    return;
  }
  const { id, wish } = data;
  const failed = (problems: readonly Problem[]) => answer({ type: "problems", id, problems });
  if (library === null) return failed([{ code: "fault", path: "worker", got: "a question before the library", expected: "the library first" }]);
  try {
    const started = performance.now();
    answer({ type: "picture", id, picture: { ...showTraining(library, wish), elapsed_ms: performance.now() - started } });
  } catch (error) {
    failed(error instanceof InputError ? error.problems : [{ code: "fault", path: "model", got: error instanceof Error ? error.message : String(error), expected: "a training run", hint: "this is a fault of the program: please report it with the address of this page" }]);
  }
});

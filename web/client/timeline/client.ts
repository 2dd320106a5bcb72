/** The page's side of the simulating worker. A question that is not wanted any more ends its worker; the next one has a new one. */
import type { Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import type { SimulationAnswer, SimulationOutcome, SimulationQuestion, SimulationRequest } from "./protocol.ts";

export type SimulationResult = { outcome: SimulationOutcome } | { problems: readonly Problem[] } | { cancelled: true };

export interface SimulationClient {
  /** The one before is cancelled. */
  simulate(question: SimulationQuestion, say: (words: string) => void): Promise<SimulationResult>;
  cancel(): void;
}

export function createSimulationClient(start: () => Worker, library: Library): SimulationClient {
  let worker: Worker | null = null;
  let running: { id: number; say(words: string): void; settle(result: SimulationResult): void } | null = null;
  let lastId = 0;

  const finish = (result: SimulationResult) => {
    const { settle } = running ?? {};
    running = null;
    settle?.(result);
  };
  const stop = () => {
    worker?.terminate();
    worker = null;
  };
  const ready = (): Worker => {
    if (worker) return worker;
    const made = start();
    made.addEventListener("message", ({ data }: MessageEvent<SimulationAnswer>) => {
      if (data.id !== running?.id) return;
      if (data.type === "progress") running.say(data.words);
      else finish(data.type === "simulation" ? { outcome: data.outcome } : { problems: data.problems });
    });
    made.addEventListener("error", (event) => {
      if (made !== worker) return;
      stop();
      finish({ problems: [{ code: "fault", path: "worker", got: event.message || "a stop of the worker", expected: "an answer", hint: "simulate again, or load the page again" }] });
    });
    made.postMessage({ type: "library", library } satisfies SimulationRequest);
    worker = made;
    return made;
  };
  const cancel = () => {
    if (running === null) return;
    stop();
    finish({ cancelled: true });
  };
  return {
    cancel,
    simulate(question, say) {
      cancel();
      const id = ++lastId;
      return new Promise((settle) => {
        running = { id, say, settle };
        ready().postMessage({ type: "simulate", id, question } satisfies SimulationRequest);
      });
    },
  };
}

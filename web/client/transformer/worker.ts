/// <reference lib="webworker" />
/** Predicts and searches off the page's thread. A search gives way between its steps, so that a newer question or a stop is heard. */
import { InputError, type Problem } from "../../../model/problems.ts";
import type { PlanSearch } from "../../../model/search/found.ts";
import { createTransformerModel, Refused, type TransformerModel } from "../data/transformer-model.ts";
import { readConfig } from "./read-config.ts";
import type { SearchWish, TransformerAnswer, TransformerRequest } from "./protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const answer = (message: TransformerAnswer) => scope.postMessage(message);
let model: TransformerModel | null = null;
let searching = 0;

const fault = (error: unknown): Problem => ({ code: "fault", path: "model", got: error instanceof Error ? error.message : String(error), expected: "a prediction", hint: "this is a fault of the program: please report it with the address of this page" });

scope.addEventListener("message", ({ data }: MessageEvent<TransformerRequest>) => {
  if (data.type === "library") model = createTransformerModel(data.library);
  else if (data.type === "stop") searching = 0;
  else if (data.type === "config") answer({ type: "config", ...readConfig(data.text, data.name) });
  else if (model === null) answer({ type: "problems", id: data.id, refusal: { problems: [fault("a question before the library")], nearest: null, nearestDevices: null } });
  else if (data.type === "search") {
    searching = data.id;
    void search(model, data.id, data.search);
  } else {
    const { id, wish } = data;
    try {
      const started = performance.now();
      const picture = model.show(wish);
      answer({ type: "picture", id, picture: { ...picture, elapsed_ms: performance.now() - started } });
    } catch (error) {
      answer({ type: "problems", id, refusal: error instanceof Refused ? error.refusal : { problems: error instanceof InputError ? error.problems : [fault(error)], nearest: null, nearestDevices: null } });
    }
  }
});

const turn_ms = 40;
const pause = (): Promise<void> => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => resolve();
  channel.port2.postMessage(null);
});

async function search(model: TransformerModel, id: number, wish: SearchWish): Promise<void> {
  try {
    const steps = model.search(wish);
    let due = performance.now() + turn_ms;
    let next = steps.next();
    while (next.done !== true) {
      let stop = false;
      if (performance.now() > due) {
        const { part, counts, best } = next.value;
        answer({ type: "progress", id, progress: { part, valid: counts.valid, bestStep_s: best[0]?.step_s ?? null } });
        await pause();
        stop = searching !== id;
        due = performance.now() + turn_ms;
      }
      next = steps.next(stop);
    }
    const found: PlanSearch = next.value;
    answer({ type: "found", id, found });
  } catch (error) {
    answer({ type: "search-problems", id, problems: error instanceof Refused ? error.refusal.problems : error instanceof InputError ? error.problems : [fault(error)] });
  }
}

/** The page's side of the workers: one promise a request; a request that a newer one of its slot has replaced resolves to null. */
import type { Alternatives } from "../../model/index.ts";
import type { Validation } from "../../model/prediction.ts";
import type { Problem } from "../../model/problems.ts";
import type { Library, Selection } from "../../model/scenario.ts";
import type { Answer, DeviceChoice, Outcome, PredictionSlot, Request } from "./protocol.ts";

export type Answered<T> = { value: T; problems?: undefined } | { value?: undefined; problems: readonly Problem[] };

export interface ModelClient {
  predict(slot: PredictionSlot, selection: Selection, devices: DeviceChoice): Promise<Answered<Outcome> | null>;
  validate(runs: string[]): Promise<Answered<Validation> | null>;
  alternatives(selection: Selection, devices: number): Promise<Answered<Alternatives> | null>;
}

export function createModelClient(first: Worker, beside: Worker, library: Library): ModelClient {
  const pending = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  for (const worker of [first, beside]) {
    worker.addEventListener("message", (event: MessageEvent<Answer>) => {
      pending.get(event.data.id)?.(event.data);
      pending.delete(event.data.id);
    });
    worker.addEventListener("error", (event) => {
      const problems: Problem[] = [{ code: "fault", path: "worker", got: event.message || "a stop of the worker", expected: "an answer", hint: "load the page again" }];
      for (const [id, settle] of pending) settle({ type: "problems", id, slot: "current", problems });
      pending.clear();
    });
    worker.postMessage({ type: "library", library } satisfies Request);
  }
  const ask = (request: Exclude<Request, { type: "library" }>): Promise<Answer> =>
    new Promise((resolve) => {
      pending.set(request.id, resolve);
      (request.slot === "current" ? first : beside).postMessage(request);
    });
  return {
    async predict(slot, selection, devices) {
      const answer = await ask({ type: "predict", id: ++lastId, slot, selection, devices });
      if (answer.type === "outcome") return { value: answer.outcome };
      return answer.type === "problems" ? { problems: answer.problems } : null;
    },
    async alternatives(selection, devices) {
      const answer = await ask({ type: "alternatives", id: ++lastId, slot: "alternatives", selection, devices });
      if (answer.type === "alternatives") return { value: answer.alternatives };
      return answer.type === "problems" ? { problems: answer.problems } : null;
    },
    async validate(runs) {
      const answer = await ask({ type: "validate", id: ++lastId, slot: "validation", runs });
      if (answer.type === "validation") return { value: answer.validation };
      return answer.type === "problems" ? { problems: answer.problems } : null;
    },
  };
}

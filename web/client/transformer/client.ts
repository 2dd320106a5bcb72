/** The page's side of the transformer worker: the newest question wins; a search runs beside and can be stopped, then it answers with the best so far. */
import type { Problem } from "../../../model/problems.ts";
import type { Library } from "../../../model/scenario.ts";
import type { TransformerDocument } from "../../../model/schema/transformer.ts";
import type { PlanSearch } from "../../../model/search/found.ts";
import type { Refusal, SearchProgress, SearchWish, TransformerAnswer, TransformerPicture, TransformerRequest, TransformerWish } from "./protocol.ts";

export interface TransformerHandlers {
  picture(picture: TransformerPicture): void;
  refused(refusal: Refusal): void;
  progress(progress: SearchProgress): void;
  found(found: PlanSearch): void;
  searchProblems(problems: readonly Problem[]): void;
  config(model: TransformerDocument | null, remarks: readonly string[], problems: readonly Problem[]): void;
}

export interface TransformerClient {
  ask(wish: TransformerWish): void;
  search(search: SearchWish): void;
  readConfig(name: string, text: string): void;
  stop(): void;
}

export function createTransformerClient(library: Library, start: () => Worker, handlers: TransformerHandlers): TransformerClient {
  let newest = 0;
  let searched = -1;
  let running = false;
  let waiting: TransformerWish | null = null;
  const worker = start();
  const post = (request: TransformerRequest) => worker.postMessage(request);
  worker.addEventListener("message", ({ data }: MessageEvent<TransformerAnswer>) => {
    if (data.type === "progress" || data.type === "found" || data.type === "search-problems") {
      if (data.id !== searched) return;
      if (data.type === "progress") return handlers.progress(data.progress);
      searched = -1;
      return data.type === "found" ? handlers.found(data.found) : handlers.searchProblems(data.problems);
    }
    if (data.type === "config") return handlers.config(data.model, data.remarks, data.problems);
    running = false;
    if (waiting !== null) {
      const next = waiting;
      waiting = null;
      return send(next);
    }
    if (data.type === "picture") handlers.picture(data.picture);
    else handlers.refused(data.refusal);
  });
  worker.addEventListener("error", (event) => {
    running = false;
    handlers.refused({ problems: [{ code: "fault", path: "worker", got: event.message || "a stop of the worker", expected: "an answer", hint: "load the page again" }], nearest: null, nearestDevices: null });
  });
  post({ type: "library", library });

  function send(wish: TransformerWish): void {
    running = true;
    post({ type: "show", id: ++newest, wish });
  }

  return {
    ask(wish) {
      if (running) waiting = wish;
      else send(wish);
    },
    search(search) {
      searched = ++newest;
      post({ type: "search", id: searched, search });
    },
    readConfig: (name, text) => post({ type: "config", name, text }),
    stop: () => post({ type: "stop", id: searched }),
  };
}

/** The page's side of the network worker: the newest question wins; cancelling ends the worker and starts a fresh one. */
import type { Problem } from "../../../model/problems.ts";
import type { NetworkAnswer, NetworkPicture, NetworkRequest, NetworkWish } from "./protocol.ts";

export interface NetworkHandlers {
  picture(picture: NetworkPicture): void;
  problems(problems: readonly Problem[]): void;
  progress(part: number, what: string): void;
}

export interface NetworkClient {
  ask(wish: NetworkWish): void;
  /** Ends what is computed. The next question begins anew. */
  cancel(): void;
}

export function createNetworkClient(machines: Record<string, unknown>, start: () => Worker, handlers: NetworkHandlers): NetworkClient {
  let newest = 0;
  let running = false;
  let waiting: NetworkWish | null = null;
  let worker = begin();

  function begin(): Worker {
    const fresh = start();
    fresh.addEventListener("message", ({ data }: MessageEvent<NetworkAnswer>) => {
      if (data.id !== newest) return;
      if (data.type === "progress") return handlers.progress(data.part, data.what);
      running = false;
      if (waiting !== null) {
        const next = waiting;
        waiting = null;
        return send(next);
      }
      if (data.type === "picture") handlers.picture(data.picture);
      else handlers.problems(data.problems);
    });
    fresh.addEventListener("error", (event) => {
      running = false;
      handlers.problems([{ code: "fault", path: "worker", got: event.message || "a stop of the worker", expected: "an answer", hint: "load the page again" }]);
    });
    fresh.postMessage({ type: "machines", machines } satisfies NetworkRequest);
    return fresh;
  }

  function send(wish: NetworkWish): void {
    running = true;
    worker.postMessage({ type: "show", id: ++newest, wish } satisfies NetworkRequest);
  }

  return {
    ask(wish) {
      if (running) waiting = wish;
      else send(wish);
    },
    cancel() {
      worker.terminate();
      newest++;
      running = false;
      waiting = null;
      worker = begin();
    },
  };
}

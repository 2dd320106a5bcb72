/// <reference lib="webworker" />
/** Follows messages over the network off the page's thread. A computation cannot be interrupted from within, so the page ends the worker to cancel one. */
import { InputError, type Problem } from "../../../model/problems.ts";
import { createNetworkModel } from "../data/network-model.ts";
import type { NetworkAnswer, NetworkRequest } from "./protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
let model: ReturnType<typeof createNetworkModel> | null = null;
const answer = (message: NetworkAnswer) => scope.postMessage(message);

scope.addEventListener("message", ({ data }: MessageEvent<NetworkRequest>) => {
  if (data.type === "machines") {
    model = createNetworkModel(data.machines);
    return;
  }
  const { id, wish } = data;
  const failed = (problems: readonly Problem[]) => answer({ type: "problems", id, problems });
  if (model === null) return failed([{ code: "fault", path: "worker", got: "a question before the machines", expected: "the machines first" }]);
  try {
    const started = performance.now();
    let told = 0;
    const picture = model.show(wish, (part, what) => {
      const now = performance.now();
      if (now - told < 80) return;
      told = now;
      answer({ type: "progress", id, part, what });
    });
    answer({ type: "picture", id, picture: { ...picture, elapsed_ms: performance.now() - started } });
  } catch (error) {
    if (error instanceof InputError) failed(error.problems);
    else failed([{ code: "fault", path: "model", got: error instanceof Error ? error.message : String(error), expected: "a picture of the network", hint: "this is a fault of the program: please report it with the address of this page" }]);
  }
});

/// <reference lib="webworker" />
/** Runs the model off the page's thread. It holds the library; of the waiting requests of a slot only the newest is computed. */
import { validate } from "../../calibrate/validate.ts";
import { knobs, predictSafely, resolveScenario } from "../../model/index.ts";
import { InputError, type Problem } from "../../model/problems.ts";
import type { Library, Scenario } from "../../model/scenario.ts";
import { metrics } from "../../model/schema/run.ts";
import { parseQuantity } from "../../model/units.ts";
import { chooseDevices } from "./data/devices.ts";
import type { Answer, Published, Request, Slot } from "./protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const order: Slot[] = ["current", "baseline", "secondary", "inputs", "validation"];
const waiting = new Map<Slot, Exclude<Request, { type: "library" }>>();
let library: Library | null = null;
let scheduled = false;
const tick = new MessageChannel();
tick.port1.onmessage = work;

scope.onmessage = (event: MessageEvent<Request>) => {
  const request = event.data;
  if (request.type === "library") library = request.library;
  else {
    const older = waiting.get(request.slot);
    if (older) answer({ type: "superseded", id: older.id, slot: older.slot });
    waiting.set(request.slot, request);
  }
  schedule();
};

const answer = (message: Answer) => scope.postMessage(message);

/** Through the message queue, so that requests that have already arrived are seen before the next computation begins. */
function schedule(): void {
  if (scheduled || library === null || waiting.size === 0) return;
  scheduled = true;
  tick.port2.postMessage(null);
}

function work(): void {
  scheduled = false;
  const slot = order.find((name) => waiting.has(name));
  const request = slot === undefined ? undefined : waiting.get(slot);
  if (slot === undefined || request === undefined || library === null) return;
  waiting.delete(slot);
  answer(compute(library, request));
  schedule();
}

function compute(documents: Library, request: Exclude<Request, { type: "library" }>): Answer {
  const { id, slot } = request;
  const failed = (problems: readonly Problem[]): Answer => ({ type: "problems", id, slot, problems });
  try {
    if (request.type === "validate") {
      const result = validate(documents, { runs: request.runs, protocol: "leave-one-series-out" });
      return "validation" in result && result.validation ? { type: "validation", id, slot: "validation", validation: result.validation } : failed(result.problems);
    }
    const started = performance.now();
    const resolved = resolveScenario(documents, request.selection);
    if (!resolved.scenario) return failed(resolved.problems);
    const { scenario } = resolved;
    const total = scenario.machine.nodes.value * scenario.machine.node.devices.value;
    const devices = "only" in request.devices ? request.devices.only : chooseDevices(scenario.run, scenario.machine.node.devices.value, total, request.devices.include);
    const result = predictSafely(documents, request.selection, { devices });
    if (!("prediction" in result) || !result.prediction) return failed(result.problems);
    const elapsed_ms = performance.now() - started;
    return { type: "outcome", id, slot, outcome: { prediction: result.prediction, knobs: knobs(scenario), published: publishedOf(scenario), definitions: scenario.run?.definitions ?? [], total, elapsed_ms } };
  } catch (error) {
    if (error instanceof InputError) return failed(error.problems);
    return failed([{ code: "fault", path: "model", got: error instanceof Error ? error.message : String(error), expected: "a prediction", hint: "this is a fault of the program: please report it with the address of this page" }]);
  }
}

function publishedOf(scenario: Scenario): Published[] {
  const { run } = scenario;
  if (run === null) return [];
  const parse = (text: string | undefined, metric: keyof typeof metrics): number | undefined => {
    const parsed = text === undefined ? undefined : parseQuantity(text, metrics[metric]);
    return parsed?.ok ? parsed.value : undefined;
  };
  return run.points.flatMap((point) => {
    const value = parse(point.value, point.metric);
    if (value === undefined) return [];
    const low = parse(point.low, point.metric);
    const high = parse(point.high, point.metric);
    return [{
      run: run.id, point: point.id, devices: point.devices, metric: point.metric, dimension: metrics[point.metric], value, text: point.value, how: point.how, use: point.use,
      source: point.source ?? run.source ?? "", overridden: point.overrides !== undefined && Object.keys(point.overrides).length > 0,
      ...(low !== undefined ? { low } : {}), ...(high !== undefined ? { high } : {}), ...(point.note !== undefined ? { note: point.note } : {}),
    }];
  });
}

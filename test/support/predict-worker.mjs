// Predicts in a worker thread what it is sent: a library and run names, as structured clones. Sources are compiled as they load.
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { predictSafely } = await import("../../model/predict/predict-safely.ts");
const { library, runs } = workerData;
parentPort.postMessage(runs.map((run) => predictSafely(library, { run })));

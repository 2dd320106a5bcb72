/** The place of the one measurement that may run at a time: two would disturb each other. The last one stays to be looked at until the next begins. */
import { InputError, unknownName, type Problem } from "../../model/problems.ts";
import type { Job, SuiteEntry } from "../shared/calibration-api.ts";
import { startJob, type JobSetting, type JobWish, type RunningJob } from "./calibration-job.ts";

export interface CalibrationJobs {
  readonly suite: readonly SuiteEntry[];
  look(): Job | null;
  /** Starts, or says why not: another one is running. */
  start(wish: JobWish): { job: Job; busy?: undefined } | { busy: Problem };
  cancel(): Job | null;
  /** Ends what is running and waits for it. */
  close(): Promise<void>;
}

/** `finished` is told of a job that wrote documents, before anyone can see that it is done. */
export function createCalibrationJobs(setting: JobSetting & { readonly suite: readonly SuiteEntry[] }, finished: () => void): CalibrationJobs {
  let current: RunningJob | null = null;
  const isRunning = () => current !== null && ["running", "cancelling"].includes(current.look().state);
  return {
    suite: setting.suite,
    look: () => current?.look() ?? null,
    start(wish) {
      const known = [...new Set(setting.suite.flatMap(({ id, part }) => [part, id]))];
      const unknown = (wish.parts ?? []).filter((part) => !known.includes(part));
      if (unknown.length > 0) throw new InputError(unknown.map((part) => unknownName("request: parts", "part or benchmark", part, known)));
      if (isRunning()) return { busy: { code: "already-running", path: "calibration", got: "a start while a measurement is running", expected: "one at a time: two would disturb each other", hint: "wait for its end, or cancel it" } };
      current = startJob(setting, wish, finished);
      return { job: current.look() };
    },
    cancel() {
      current?.cancel();
      return current?.look() ?? null;
    },
    async close() {
      current?.cancel();
      await current?.ended;
    },
  };
}

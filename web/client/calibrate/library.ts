/** What the page asks the server for: the list, one calibration whole, the measurement. A refusal is a list of problems, as everywhere. */
import type { Problem } from "../../../model/problems.ts";
import type { HostCalibration, OperationsCalibration } from "../../../model/schema/calibration.ts";
import type { CalibrationsAnswer, Job, JobMode, JobsAnswer } from "../../shared/calibration-api.ts";

export type Fetched<T> = { value: T; problems?: undefined } | { value?: undefined; problems: readonly Problem[] };

async function ask<T>(path: string, request: RequestInit = {}): Promise<Fetched<T>> {
  try {
    const response = await fetch(`/api/${path}`, request);
    const body = (await response.json()) as T & { problems?: readonly Problem[] };
    return response.ok ? { value: body } : { problems: body.problems ?? [{ code: "refused", path: `/api/${path}`, got: `status ${response.status}`, expected: "an answer" }] };
  } catch (error) {
    return { problems: [{ code: "no-answer", path: `/api/${path}`, got: error instanceof Error ? error.message : String(error), expected: "an answer", hint: "is the server of exatwin still running?" }] };
  }
}

export const listCalibrations = (): Promise<Fetched<CalibrationsAnswer>> => ask("calibrations");
export const readHost = (id: string): Promise<Fetched<HostCalibration | OperationsCalibration>> => ask(`calibrations/${encodeURIComponent(id)}`);
export const readJobs = (): Promise<Fetched<JobsAnswer>> => ask("calibration-jobs");
export const readJob = (): Promise<Fetched<{ job: Job | null }>> => ask("calibration-jobs/current");
export const cancelJob = (): Promise<Fetched<{ job: Job }>> => ask("calibration-jobs/current", { method: "DELETE" });
export const startJob = (wish: { mode: JobMode; id: string; parts?: string[] }): Promise<Fetched<{ job: Job }>> =>
  ask("calibration-jobs", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish) });

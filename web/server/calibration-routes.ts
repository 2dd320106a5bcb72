/** Routes of calibrations and of the measurement that makes one. What changes something is for this server's own page, on loopback. */
import type { Request, RequestHandler, Response } from "express";
import { unknownName, type Problem } from "../../model/problems.ts";
import type { Library } from "../../model/scenario.ts";
import { calibrationJobRequest } from "../shared/calibration-api.ts";
import type { Route } from "./api.ts";
import { parseBody } from "./body.ts";
import type { CalibrationJobs } from "./calibration-jobs.ts";
import { listCalibrations, readCalibration } from "./calibrations.ts";
import { requireSameOrigin } from "./hardening.ts";
import { sendJson, sendProblems } from "./send.ts";

const reason = "this server does not measure: it listens beyond this machine, or was started without the means. On the machine itself: exatwin calibrate";
const refusal: Problem = { code: "not-allowed", path: "calibration", got: "a request to measure", expected: "a server that only this machine can reach", hint: reason };

export function calibrationRoutes(library: () => Library, jobs: CalibrationJobs | undefined): Route[] {
  const requireJobs: RequestHandler = (_, response, next) => (jobs ? next() : sendProblems(response, 403, [refusal]));
  const guarded = [requireSameOrigin, requireJobs];
  return [
    { method: "get", path: "/calibrations", handle: (_, response) => sendJson(response, listCalibrations(library())) },
    { method: "get", path: "/calibrations/:id", handle: (request, response) => sendCalibration(library(), request, response) },
    { method: "get", path: "/calibration-jobs", handle: (_, response) => sendJson(response, { allowed: jobs !== undefined, reason: jobs ? null : reason, suite: jobs?.suite ?? [], job: jobs?.look() ?? null }) },
    { method: "post", path: "/calibration-jobs", before: guarded, handle: (request, response) => jobs && start(jobs, request, response) },
    { method: "get", path: "/calibration-jobs/current", handle: (_, response) => sendJson(response, { job: jobs?.look() ?? null }) },
    { method: "delete", path: "/calibration-jobs/current", before: guarded, handle: (_, response) => jobs && cancel(jobs, response) },
  ];
}

function start(jobs: CalibrationJobs, request: Request, response: Response): void {
  const { mode, id = "this-host", parts } = parseBody(calibrationJobRequest, request.body);
  const started = jobs.start({ mode, name: id, parts });
  if (started.busy) sendProblems(response, 409, [started.busy]);
  else response.status(202).type("application/json").set("Cache-Control", "no-store").send(Buffer.from(JSON.stringify({ job: started.job })));
}

function cancel(jobs: CalibrationJobs, response: Response): void {
  const job = jobs.cancel();
  if (job === null) sendProblems(response, 404, [{ code: "nothing-running", path: "calibration", got: "a request to cancel", expected: "a measurement that was started" }]);
  else sendJson(response, { job });
}

function sendCalibration(library: Library, request: Request, response: Response): void {
  const id = String(request.params["id"]);
  const known = Object.keys(library.documents.calibration);
  if (!known.includes(id)) return sendProblems(response, 404, [unknownName("address", "calibration", id, known)]);
  const { calibration, problems } = readCalibration(library, id);
  if (calibration) sendJson(response, calibration);
  else sendProblems(response, 422, problems);
}

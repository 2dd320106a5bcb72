/** How answers leave the server: finite numbers only, and problems in the form that the command line prints with --json. */
import type { Response } from "express";
import type { Problem } from "../../model/problems.ts";
import { requireFinite } from "../../cli/host/finite.ts";

export function sendJson(response: Response, answer: unknown, type = "application/json"): void {
  requireFinite(answer, "the answer");
  response.status(200).type(type).set("Cache-Control", "no-cache").send(Buffer.from(JSON.stringify(answer)));
}

export function sendProblems(response: Response, status: number, problems: readonly Problem[]): void {
  response.status(status).type("application/json").set("Cache-Control", "no-store").send(Buffer.from(JSON.stringify({ problems })));
}

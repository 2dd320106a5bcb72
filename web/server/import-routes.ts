/** Routes of foreign files: whether this server keeps them, and the keeping. What changes something is for this server's own page, on loopback. */
import type { Request, RequestHandler, Response } from "express";
import type { Problem } from "../../model/problems.ts";
import { importQuery, type ImportsAnswer } from "../shared/import-api.ts";
import type { Route } from "./api.ts";
import { parseBody } from "./body.ts";
import { requireSameOrigin } from "./hardening.ts";
import { mostImport_bytes, type Imports } from "./imports.ts";
import { sendJson, sendProblems } from "./send.ts";

const reason = "this server keeps no files: it was started without a store, or listens beyond this machine. exatwin serve --store FILE does";
const refusal: Problem = { code: "not-allowed", path: "import", got: "a file to keep", expected: "a server with a store that only this machine can reach", hint: reason };

export function importRoutes(imports: Imports | undefined): Route[] {
  const requireStore: RequestHandler = (_, response, next) => (imports ? next() : sendProblems(response, 403, [refusal]));
  const about: ImportsAnswer = { allowed: imports !== undefined, reason: imports ? null : reason, store: imports?.store ?? null, most_bytes: imports?.most_bytes ?? mostImport_bytes };
  return [
    { method: "get", path: "/imports", handle: (_, response) => sendJson(response, about) },
    { method: "post", path: "/imports", before: [requireSameOrigin, requireStore], streams: true, handle: (request, response) => (imports ? keep(imports, request, response) : undefined) },
  ];
}

async function keep(imports: Imports, request: Request, response: Response): Promise<void> {
  const { name, as } = parseBody(importQuery, { ...request.query });
  sendJson(response, await imports.save({ name, as, body: request }));
}

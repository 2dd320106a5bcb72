/** The routes under /api. Each is a line of the table; a wrong method is answered from the same table. */
import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import { validate } from "../../calibrate/index.ts";
import { checkDocument, guessKind, predictSafely } from "../../model/index.ts";
import type { Prediction } from "../../model/prediction.ts";
import { InputError, missingKey, unknownName } from "../../model/problems.ts";
import type { Library, Selection } from "../../model/scenario.ts";
import { documentKinds, storedKinds, type DocumentKind } from "../../model/schema/index.ts";
import { jsonSchema } from "../../model/schema/json-schema.ts";
import { predictionSheet } from "../../cli/host/prediction-sheet.ts";
import { version } from "../../cli/host/root.ts";
import { writeCsv } from "../../cli/host/sheet.ts";
import { requests } from "../shared/api.ts";
import { parseBody, readBody } from "./body.ts";
import type { CalibrationJobs } from "./calibration-jobs.ts";
import { calibrationRoutes } from "./calibration-routes.ts";
import { importRoutes } from "./import-routes.ts";
import type { Imports } from "./imports.ts";
import { openApi } from "./openapi.ts";
import { sendJson, sendProblems } from "./send.ts";

type Method = "get" | "post" | "delete";

export interface Route {
  method: Method;
  path: string;
  /** What comes before a body is read. */
  before?: readonly RequestHandler[];
  /** The body is no JSON and is not read before the handler does. */
  streams?: true;
  handle: (request: Request, response: Response) => void | Promise<void>;
}

/** The documents that are served; a calibration made here replaces them. */
export interface Shelf {
  readonly library: Library;
  /** As JSON, made once. */
  readonly bytes: Buffer;
}

export const shelve = (library: Library): Shelf => ({ library, bytes: Buffer.from(JSON.stringify(library)) });

/** What this server does beside answering; undefined where it does not measure, or keeps no files. */
export interface Kept {
  readonly jobs?: CalibrationJobs | undefined;
  readonly imports?: Imports | undefined;
}

/** `shelf` is asked at every request. */
export function apiRoutes(shelf: () => Shelf, { jobs, imports }: Kept): Router {
  const router = express.Router();
  const count = ({ documents }: Library) => Object.fromEntries(storedKinds.map((kind) => [kind, Object.keys(documents[kind]).length]));
  const routes: Route[] = [
    { method: "get", path: "/health", handle: (_, response) => sendJson(response, { status: "ok", version, documents: count(shelf().library) }) },
    // Express adds the ETag and answers 304 where the page has this library already.
    { method: "get", path: "/library", handle: (_, response) => void response.type("application/json").set("Cache-Control", "no-cache").send(shelf().bytes) },
    { method: "get", path: "/openapi.json", handle: (_, response) => sendJson(response, openApi(version)) },
    { method: "get", path: "/schema/:file", handle: (request, response) => sendSchema(request, response) },
    { method: "get", path: "/runs/:file", handle: (request, response) => sendRun(shelf().library, request, response) },
    {
      method: "post",
      path: "/predict",
      handle: (request, response) => {
        const { selection, devices } = parseBody(requests.predict, request.body);
        sendJson(response, predictOrThrow(shelf().library, selection as Selection, devices));
      },
    },
    {
      method: "post",
      path: "/validate",
      handle: (request, response) => {
        const { protocol = "leave-one-series-out", runs, extraRuns } = parseBody(requests.validate, request.body);
        const answer = validate(shelf().library, { protocol, ...(runs ? { runs } : {}), ...(extraRuns ? { extraRuns: extraRuns.map((document, index) => ({ name: `extraRuns[${index}]`, document })) } : {}) });
        if (answer.validation === undefined) throw new InputError(answer.problems);
        sendJson(response, answer.validation);
      },
    },
    { method: "post", path: "/check", handle: (request, response) => check(shelf().library, request, response) },
    ...calibrationRoutes(() => shelf().library, jobs),
    ...importRoutes(imports),
  ];
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path);
    const place = router.route(path);
    for (const { method, before = [], streams, handle } of own) place[method](...before, ...(method === "post" && !streams ? readBody : []), handle);
    place.all((request, response) => refuseMethod(request, response, own.map(({ method }) => method)));
  }
  router.use((request, response) => {
    sendProblems(response, 404, [unknownName("address", "route", `/api${request.path}`.slice(0, 200), [...new Set(routes.map(({ path }) => `/api${path}`))])]);
  });
  return router;
}

function predictOrThrow(library: Library, selection: Selection, devices: number[] | undefined): Prediction {
  const answer = predictSafely(library, selection, devices ? { devices } : {});
  if (answer.prediction === undefined) throw new InputError(answer.problems);
  return answer.prediction;
}

function sendRun(library: Library, request: Request, response: Response): void {
  const { id, form } = splitFile(request, ["json", "csv"]);
  const runs = library.documents.run;
  if (form === undefined || !Object.hasOwn(runs, id)) {
    sendProblems(response, 404, [unknownName("address", "run", form === undefined ? String(request.params["file"]) : id, form === undefined ? Object.keys(runs).flatMap((run) => [`${run}.json`, `${run}.csv`]) : Object.keys(runs))]);
    return;
  }
  const prediction = predictOrThrow(library, { run: id }, undefined);
  if (form === "json") sendJson(response, prediction);
  else response.type("text/csv").set({ "Cache-Control": "no-cache", "Content-Disposition": `attachment; filename="${id}.csv"` }).send(writeCsv(predictionSheet(prediction)));
}

function sendSchema(request: Request, response: Response): void {
  const { id, form } = splitFile(request, ["json"]);
  const kind = documentKinds.find((known) => known === id);
  if (form === undefined || kind === undefined) sendProblems(response, 404, [unknownName("address", "schema", String(request.params["file"]), documentKinds.map((known) => `${known}.json`))]);
  else sendJson(response, jsonSchema(kind), "application/schema+json");
}

function check(library: Library, request: Request, response: Response): void {
  const body = parseBody(requests.check, request.body);
  if (body.document === undefined) throw new InputError([missingKey("request: document", "the document")]);
  const kind = (body.kind as DocumentKind | undefined) ?? guessKind(body.document);
  if (kind === undefined) throw new InputError([{ ...missingKey("document", `the keys of one kind of document: ${documentKinds.join(", ")}`), got: "what looks like none of them", hint: "\"kind\" says which it is" }]);
  const problems = checkDocument(kind, body.document, "document", library);
  if (problems.length > 0) throw new InputError(problems);
  sendJson(response, { problems, kind });
}

function splitFile(request: Request, forms: readonly string[]): { id: string; form: string | undefined } {
  const file = String(request.params["file"]);
  const form = forms.find((ending) => file.endsWith(`.${ending}`));
  return { id: form === undefined ? file : file.slice(0, -form.length - 1), form };
}

function refuseMethod(request: Request, response: Response, methods: readonly Method[]): void {
  const allowed = methods.map((method) => (method === "get" ? "GET, HEAD" : method.toUpperCase())).join(", ");
  response.set("Allow", allowed);
  if (request.method === "OPTIONS") response.status(204).end();
  else sendProblems(response, 405, [{ code: "wrong-method", path: "method", got: request.method, expected: allowed }]);
}

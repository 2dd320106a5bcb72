/** Makes the server's application; whoever calls it listens. Order: headers, host check, API, page, and last the answer to every error. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { type ErrorRequestHandler, type Express } from "express";
import { InputError } from "../../model/problems.ts";
import type { Library } from "../../model/scenario.ts";
import { tooLarge } from "../../cli/host/read-json.ts";
import { apiRoutes, shelve, type Shelf } from "./api.ts";
import type { CalibrationJobs } from "./calibration-jobs.ts";
import type { Imports } from "./imports.ts";
import { harden, requireLoopbackHost } from "./hardening.ts";
import { sendProblems } from "./send.ts";

export interface AppOptions {
  /** The documents, or what gives the newest ones where calibrations are made here. */
  library: Library | (() => Shelf);
  /** Runs measurements of this machine for the page; used on loopback only. */
  jobs?: CalibrationJobs;
  /** Keeps files that the page sends; used on loopback only. */
  imports?: Imports;
  /** The built page. */
  clientDirectory: string;
  /** Answer only requests to loopback names; for a server that listens on loopback. Default true. */
  checkHost?: boolean;
  /** Told of every error that is no fault of the request. */
  onFault?: (error: unknown) => void;
}

export function createApp({ library, jobs, imports, clientDirectory, checkHost = true, onFault }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.use(harden);
  if (checkHost) app.use(requireLoopbackHost);
  const fixed = typeof library === "function" ? undefined : shelve(library);
  app.use("/api", apiRoutes(() => fixed ?? (library as () => Shelf)(), checkHost ? { jobs, imports } : {}));
  app.use(express.static(clientDirectory, { index: "index.html", dotfiles: "ignore", setHeaders: (response, path) => void response.setHeader("Cache-Control", /[\\/]assets[\\/]/.test(path) ? "public, max-age=31536000, immutable" : "no-cache") }));
  app.use((request, response) => {
    const page = join(clientDirectory, "index.html");
    const isPage = (request.method === "GET" || request.method === "HEAD") && !/\.\w+$/.test(request.path);
    if (!isPage) sendProblems(response, 404, [{ code: "not-found", path: "address", got: request.path.slice(0, 200), expected: "a page, or a route under /api" }]);
    else if (existsSync(page)) response.set("Cache-Control", "no-cache").sendFile("index.html", { root: clientDirectory });
    else response.status(503).type("text/plain").send("The page is not built yet: npm run build makes it. The API is there: /api/openapi.json\n");
  });
  app.use(answerError(onFault));
  return app;
}

const answerError = (onFault: AppOptions["onFault"]): ErrorRequestHandler => (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  if (error instanceof InputError) {
    sendProblems(response, 422, error.problems);
    return;
  }
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (type === "entity.too.large") sendProblems(response, 422, [tooLarge("request", Number((error as { length?: unknown }).length) || 0)]);
  else if (typeof status === "number" && status >= 400 && status < 500) sendProblems(response, status, [{ code: "bad-request", path: "request", got: String(type ?? "a request that cannot be read"), expected: "a valid HTTP request" }]);
  else {
    onFault?.(error);
    sendProblems(response, 500, [{ code: "fault", path: "server", got: "a fault of the program, not of your request", expected: "an answer" }]);
  }
};

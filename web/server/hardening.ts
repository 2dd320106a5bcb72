/** Headers that keep the page to itself, the check of the Host header of a loopback server, and the check that a request that changes something is our page's. */
import type { NextFunction, Request, Response } from "express";
import { hostName, isLoopback } from "./hosts.ts";
import { sendProblems } from "./send.ts";

const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

export function harden(_request: Request, response: Response, next: NextFunction): void {
  response.set({
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  });
  next();
}

export function requireLoopbackHost(request: Request, response: Response, next: NextFunction): void {
  const name = hostName(request.headers.host);
  if (isLoopback(name)) next();
  else sendProblems(response, 421, [{ code: "wrong-host", path: "header Host", got: JSON.stringify(name.slice(0, 80)), expected: "localhost, 127.0.0.1 or [::1]", hint: "to serve other names, start with --host" }]);
}

/**
 * A page of another site can send requests here, though not read the answers. Browsers say where a request comes from (Fetch Metadata, Origin); programs
 * that are no browsers say nothing and are let through.
 */
export function requireSameOrigin(request: Request, response: Response, next: NextFunction): void {
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (isOwn && (site === undefined || site === "same-origin" || site === "none")) next();
  else sendProblems(response, 403, [{ code: "foreign-origin", path: "header Origin", got: JSON.stringify((origin ?? String(site)).slice(0, 80)), expected: "a request of this server's own page, or of a program that is no browser" }]);
}

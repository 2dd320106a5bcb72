/** Request bodies: at most 2 MB, JSON, not too deep, and of the schema. What is wrong comes back as problems, as the command line says it. */
import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import type { z } from "zod";
import { InputError } from "../../model/problems.ts";
import { parseBytes } from "../../cli/host/read-json.ts";
import { problemsOf } from "./problems-of.ts";

export const maximumBodyBytes = 2 * 2 ** 20;

/** Bytes first: the body is JSON whatever its Content-Type says, and parsing it here gives the same words as a file does. */
export const readBody: RequestHandler[] = [
  express.raw({ type: () => true, limit: maximumBodyBytes }),
  (request: Request, _response: Response, next: NextFunction) => {
    const bytes: unknown = request.body;
    const read = parseBytes(bytes instanceof Uint8Array ? bytes : new Uint8Array(), "request");
    if (read.problems.length > 0) throw new InputError(read.problems);
    request.body = read.value;
    next();
  },
];

export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, body, schema));
  return parsed.data;
}

/** The OpenAPI document, from the zod schemas that the server reads requests with. */
import { z } from "zod";
import { documentKinds } from "../../model/schema/index.ts";
import { answers, requests } from "../shared/api.ts";

const json = (schema: z.ZodType, io: "input" | "output" = "output") => {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return { "application/json": { schema: made } };
};

const found = (description: string, schema: z.ZodType) => ({ "200": { description, content: json(schema) } });
const refused = { "422": { description: "Problems in the input, all of them", content: json(answers.problems) } };
const missing = { "404": { description: "No such thing", content: json(answers.problems) } };
const body = (schema: z.ZodType) => ({ required: true, content: json(schema, "input") });
const pathParameter = (name: string, schema: object) => [{ name, in: "path", required: true, schema }];

export function openApi(version: string): object {
  return {
    openapi: "3.1.0",
    info: { title: "exatwin", version, description: "Predictions of AI training on supercomputers. Quantities are SI, with the unit in the name." },
    paths: {
      "/api/health": { get: { summary: "Whether the server works", responses: found("It does", answers.health) } },
      "/api/library": { get: { summary: "All documents as their files hold them, and the sources", responses: found("The library", answers.library) } },
      "/api/predict": { post: { summary: "A prediction", requestBody: body(requests.predict), responses: { ...found("The prediction", answers.predict), ...refused } } },
      "/api/runs/{id}.json": { get: { summary: "The prediction of a run", parameters: pathParameter("id", { type: "string" }), responses: { ...found("The prediction", answers.predict), ...missing } } },
      "/api/runs/{id}.csv": { get: { summary: "The prediction of a run as a table", parameters: pathParameter("id", { type: "string" }), responses: { "200": { description: "One row per scale", content: { "text/csv": { schema: { type: "string" } } } }, ...missing } } },
      "/api/validate": { post: { summary: "Predictions beside published points", requestBody: body(requests.validate), responses: { ...found("The cases and their summary", answers.validate), ...refused } } },
      "/api/check": { post: { summary: "Every problem of a document", requestBody: body(requests.check), responses: { ...found("No problem", answers.check), ...refused } } },
      "/api/calibrations": { get: { summary: "Calibrations of the library, newest first", responses: found("What a list shows of each", answers.calibrations) } },
      "/api/calibrations/{id}": { get: { summary: "A calibration whole", parameters: pathParameter("id", { type: "string" }), responses: { ...found("The document", answers.calibration), ...missing } } },
      "/api/calibration-jobs": {
        get: { summary: "Whether this server measures, what, and its last measurement", responses: found("The suite and the job", answers.jobs) },
        post: { summary: "Start to measure the server's machine; on loopback only, one at a time", requestBody: body(requests.calibrationJob), responses: { "202": { description: "It has begun", content: json(answers.currentJob) }, "403": { description: "Not on this server, or not from that page", content: json(answers.problems) }, "409": { description: "One is running", content: json(answers.problems) }, ...refused } },
      },
      "/api/calibration-jobs/current": {
        get: { summary: "How the measurement goes on", responses: found("The job, null where there was none", answers.currentJob) },
        delete: { summary: "Cancel the measurement; rows written so far stay", responses: { ...found("The job", answers.currentJob), ...missing, "403": { description: "Not on this server, or not from that page", content: json(answers.problems) } } },
      },
      "/api/imports": {
        get: { summary: "Whether this server keeps foreign files, where, and up to which size", responses: found("What it keeps", answers.imports) },
        post: {
          summary: "Keep a file of a known tool: its bytes are the body", parameters: [{ name: "name", in: "query", required: true, schema: { type: "string" } }, { name: "as", in: "query", schema: { type: "string" } }], requestBody: { required: true, content: { "application/octet-stream": { schema: {} } } },
          responses: { ...found("What it was and whether it is new", answers.kept), "403": { description: "Not on this server, or not from that page", content: json(answers.problems) }, ...refused },
        },
      },
      "/api/schema/{kind}.json": { get: { summary: "The JSON Schema of a kind of document", parameters: pathParameter("kind", { type: "string", enum: documentKinds }), responses: { "200": { description: "The schema", content: { "application/schema+json": { schema: {} } } }, ...missing } } },
      "/api/openapi.json": { get: { summary: "This document", responses: { "200": { description: "OpenAPI 3.1", content: { "application/json": { schema: {} } } } } } },
    },
  };
}

/** exatwin schema: the JSON Schemas of the documents, for editors and other programs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError, unreadableFile, unknownName } from "../../model/problems.ts";
import { documentFolders, documentKinds, type DocumentKind } from "../../model/schema/index.ts";
import { jsonSchema } from "../../model/schema/json-schema.ts";
import { requireCount, type Command } from "../command.ts";
import { reasonOf } from "../host/read-json.ts";
import { scenariosFolder } from "../host/root.ts";
import { writeTable } from "../text/table.ts";

export const schema: Command = {
  name: "schema",
  summary: "the JSON Schema of each kind of document, so that an editor completes and checks",
  usage: ["schema [KIND]", "schema [KIND] --write"],
  description: "With a kind, prints its JSON Schema. --write puts schemas into scenarios/schemas, where the \"$schema\" key of a document finds them.",
  options: { write: { type: "boolean", help: "write KIND.schema.json, or all of them, into scenarios/schemas" } },
  examples: [
    { line: "schema", shows: "the kinds of document" },
    { line: "schema machine", shows: "the JSON Schema of a machine document" },
    { line: "schema --write", shows: "the files that \"$schema\" in documents points to" },
  ],
  run(call) {
    requireCount(call, 0, 1);
    const word = call.positionals[0];
    const kind = documentKinds.find((known) => known === word);
    if (word !== undefined && kind === undefined) throw new InputError([unknownName("the command line", "kind of document", word, documentKinds)]);
    if (call.flag("write")) {
      const written = writeSchemas(join(scenariosFolder(call.io.cwd, call.value("scenarios"), call.io.env), "schemas"), kind ? [kind] : documentKinds);
      return { json: { written }, text: () => written.map((file) => `wrote ${file}`).join("\n") };
    }
    if (kind) return { json: jsonSchema(kind), text: () => JSON.stringify(jsonSchema(kind), null, 2) };
    return {
      json: Object.fromEntries(documentKinds.map((known) => [known, jsonSchema(known)])),
      text: (look) =>
        writeTable([
          { head: "kind", align: "left", cells: documentKinds },
          { head: "where", align: "left", cells: documentKinds.map(placeOf) },
          { head: "\"$schema\"", align: "left", cells: documentKinds.map((known) => (known === "sources" ? "./schemas/sources.schema.json" : isLine(known) ? "" : `${known === "published-runs" ? "../" : ""}../schemas/${known}.schema.json`)) },
        ], look),
    };
  },
};

/** Measurements are lines of a file, not documents of their own. */
const isLine = (kind: DocumentKind): kind is "measurement" | "measurement-header" => kind === "measurement" || kind === "measurement-header";

/** Documents that no prediction reads by name. */
const otherPlaces: Partial<Record<DocumentKind, string>> = {
  sources: "scenarios/sources.json",
  measurement: "a line of scenarios/measurements/ID.jsonl",
  "measurement-header": "its first line",
  "catalogue-rules": "scenarios/catalogues/ID.json, for validate",
  "launch-recipes": "scenarios/catalogues/ID.json, beside the rules that name it",
  "memory-readings": "scenarios/memory-readings/ID.json, for docs/memory-accuracy.md",
  "published-facts": "scenarios/facts/ID.json, for docs/checks.md",
  "published-runs": "scenarios/runs/published/ID.json, for fits and validate published",
  series: "scenarios/series/ID.json, for fits",
  "training-cells": "a file of your own, for exatwin measure",
};
const placeOf = (kind: DocumentKind): string => otherPlaces[kind] ?? `scenarios/${documentFolders[kind as keyof typeof documentFolders]}/ID.json`;

function writeSchemas(folder: string, kinds: readonly DocumentKind[]): string[] {
  try {
    mkdirSync(folder, { recursive: true });
    return kinds.map((kind) => {
      const file = join(folder, `${kind}.schema.json`);
      writeFileSync(file, `${JSON.stringify(jsonSchema(kind), null, 2)}\n`);
      return file;
    });
  } catch (error) {
    throw new InputError([{ ...unreadableFile(folder, reasonOf(error)), expected: "a folder that can be written" }]);
  }
}

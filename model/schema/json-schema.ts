/** JSON Schemas of the documents, made from the zod schemas, so that an editor completes and checks while a document is written. */
import { z } from "zod";
import { dimensions, type Dimension } from "../units.ts";
import { factKinds } from "./fact.ts";
import { documentSchemas, type DocumentKind } from "./index.ts";

export interface JsonSchema {
  [key: string]: unknown;
  properties?: Record<string, JsonSchema>;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

const cache = new Map<DocumentKind, JsonSchema>();

export function jsonSchema(kind: DocumentKind): JsonSchema {
  const known = cache.get(kind);
  if (known) return known;
  const made = z.toJSONSchema(documentSchemas[kind], { io: "input", unrepresentable: "any", override: describeFact }) as JsonSchema;
  const result: JsonSchema = { ...made, title: `exatwin ${kind}` };
  cache.set(kind, result);
  return result;
}

function describeFact(context: { zodSchema: unknown; jsonSchema: unknown }): void {
  const schema = context.jsonSchema as JsonSchema & { factDimension?: Dimension };
  const dimension = schema.factDimension;
  if (dimension === undefined) return;
  delete schema.factDimension;
  const { name, example } = dimensions[dimension];
  const quantity = dimension === "count" || dimension === "fraction" ? { type: ["string", "number"], examples: [example] } : { type: "string", examples: [example] };
  Object.assign(schema, {
    description: [schema["description"], name].filter(Boolean).join(": "),
    anyOf: [
      quantity,
      {
        type: "object",
        additionalProperties: false,
        required: ["value"],
        properties: {
          value: quantity,
          source: { type: "string", description: "Id in sources.json" },
          kind: { enum: [...factKinds] },
          low: { ...quantity, description: "Lower end of the 95 % interval" },
          high: { ...quantity, description: "Upper end of the 95 % interval" },
          note: { type: "string" },
        },
      },
    ],
  });
}

/** Names that are allowed at a path of a document, for hints. Where the document is given, only those of its kind or family. */
export function knownKeys(kind: DocumentKind, path: ReadonlyArray<PropertyKey>, document?: unknown): string[] {
  let nodes: JsonSchema[] = [jsonSchema(kind)];
  let value = document;
  for (const step of path) {
    const here = value;
    nodes = nodes.flatMap(alternatives).filter((node) => matches(node, here)).flatMap((node) => {
      if (typeof step === "number") return node.items ? [node.items] : [];
      const property = node.properties?.[String(step)];
      if (property) return [property];
      return typeof node.additionalProperties === "object" ? [node.additionalProperties] : [];
    });
    value = typeof here === "object" && here !== null ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  }
  const names = nodes.flatMap(alternatives).filter((node) => matches(node, value)).flatMap((node) => Object.keys(node.properties ?? {}));
  return [...new Set(names)].filter((name) => name !== "$schema");
}

/** Whether no text of the value contradicts the one word that this alternative allows there, such as another `kind`. */
function matches(node: JsonSchema, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(node.properties ?? {}).every(([key, property]) => {
    const written = (value as Record<string, unknown>)[key];
    return property["const"] === undefined || typeof written !== "string" || written === property["const"];
  });
}

function alternatives(node: JsonSchema): JsonSchema[] {
  const inner = [...(node.oneOf ?? []), ...(node.anyOf ?? [])];
  return inner.length > 0 ? inner.flatMap(alternatives) : [node];
}

/** The JSON Schemas that editors use say the same as the parser: every stored document passes, and a slip is refused at the same place. */
import { describe, expect, it } from "vitest";
import { documentKinds, storedKinds } from "../../../model/schema/index.ts";
import { jsonSchema, knownKeys, type JsonSchema } from "../../../model/schema/json-schema.ts";
import { breaksAt } from "../../support/json-schema-check.ts";
import { library } from "../../support/library.ts";

function visit(schema: JsonSchema, see: (schema: JsonSchema) => void): void {
  see(schema);
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties]) {
    if (typeof one === "object") visit(one, see);
  }
}

describe.each(documentKinds)("the JSON Schema of a %s", (kind) => {
  const schema = jsonSchema(kind);

  it("survives JSON, says its dialect and has a title", () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", title: `exatwin ${kind}` });
  });

  it("requires only keys that it describes and keeps nothing of the parser's own", () => {
    visit(schema, (one) => {
      expect(one).not.toHaveProperty("factDimension");
      expect(one).not.toHaveProperty("$ref");
      if (one.properties) expect(Object.keys(one.properties)).toEqual(expect.arrayContaining((one["required"] as string[] | undefined) ?? []));
    });
  });
});

describe("the JSON Schemas over the stored documents", () => {
  const stored = storedKinds.flatMap((kind) => Object.entries(library.documents[kind]).map(([id, value]) => ({ kind, id, value: value as Record<string, unknown> })));

  it.each(stored)("$kind $id passes", ({ kind, value }) => {
    expect(breaksAt(jsonSchema(kind), value)).toEqual([]);
  });

  it.each(stored)("$kind $id with a key more or without its title does not", ({ kind, value }) => {
    expect(breaksAt(jsonSchema(kind), { ...value, unheardOf: 1 })).not.toEqual([]);
    expect(breaksAt(jsonSchema(kind), Object.fromEntries(Object.entries(value).filter(([key]) => key !== "title")))).not.toEqual([]);
  });

  it("passes for the sources", () => {
    expect(breaksAt(jsonSchema("sources"), library.sources)).toEqual([]);
    expect(breaksAt(jsonSchema("sources"), { a: { title: "x" } })).toEqual(["$.a.where", "$.a.verified"]);
  });
});

it("knownKeys names what is allowed at a path", () => {
  expect(knownKeys("machine", ["node", "deviceLink"])).toEqual(["bandwidth", "latency", "technology", "halfSize", "domain"]);
  expect(knownKeys("plan", ["fusion"])).toEqual(expect.arrayContaining(["value", "low", "high", "source", "kind", "note"]));
  expect(knownKeys("run", ["points", 3])).toEqual(expect.arrayContaining(["metric", "use"]));
  expect(knownKeys("workload", ["options"])).toEqual(expect.arrayContaining(["growth", "channels", "size"]));
  expect(knownKeys("sources", ["anything"])).toEqual(expect.arrayContaining(["title", "verified"]));
  expect(knownKeys("plan", ["nothing", "here"])).toEqual([]);
});

/** A small validator of the part of JSON Schema that the document schemas use, as an editor would apply it. Throws on a keyword it does not know. */
import type { JsonSchema } from "../../model/schema/json-schema.ts";

const silent = new Set(["$schema", "title", "description", "examples", "default", "propertyNames", "format"]);

const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

function hasType(value: unknown, wanted: unknown): boolean {
  const names = Array.isArray(wanted) ? (wanted as string[]) : [wanted as string];
  return names.some((name) => (name === "integer" ? Number.isInteger(value) : typeOf(value) === name));
}

/** Paths at which the value breaks the schema; [] where it does not. */
export function breaksAt(schema: JsonSchema | boolean, value: unknown, path = "$"): string[] {
  if (typeof schema === "boolean") return schema ? [] : [path];
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    if (silent.has(keyword)) return [];
    const check = checks[keyword];
    if (!check) throw new Error(`${path}: unknown keyword ${keyword}`);
    return check(wanted, value, path, schema);
  });
}

type Check = (wanted: unknown, value: unknown, path: string, schema: JsonSchema) => string[];
const unless = (holds: boolean, path: string): string[] => (holds ? [] : [path]);
const record = (value: unknown): Record<string, unknown> | undefined => (typeOf(value) === "object" ? (value as Record<string, unknown>) : undefined);
const passing = (wanted: unknown, value: unknown, path: string): number => (wanted as JsonSchema[]).filter((one) => breaksAt(one, value, path).length === 0).length;
const compare = (holds: (value: number, limit: number) => boolean): Check => (wanted, value, path) => unless(typeof value !== "number" || holds(value, wanted as number), path);

const checks: Record<string, Check> = {
  type: (wanted, value, path) => unless(hasType(value, wanted), path),
  enum: (wanted, value, path) => unless((wanted as unknown[]).includes(value), path),
  const: (wanted, value, path) => unless(wanted === value, path),
  pattern: (wanted, value, path) => unless(typeof value !== "string" || new RegExp(wanted as string).test(value), path),
  minLength: (wanted, value, path) => unless(typeof value !== "string" || value.length >= (wanted as number), path),
  minimum: compare((value, limit) => value >= limit),
  maximum: compare((value, limit) => value <= limit),
  exclusiveMinimum: compare((value, limit) => value > limit),
  minItems: (wanted, value, path) => unless(!Array.isArray(value) || value.length >= (wanted as number), path),
  maxItems: (wanted, value, path) => unless(!Array.isArray(value) || value.length <= (wanted as number), path),
  items: (wanted, value, path) => (Array.isArray(value) ? value.flatMap((item, index) => breaksAt(wanted as JsonSchema, item, `${path}[${index}]`)) : []),
  required: (wanted, value, path) => {
    const object = record(value);
    return object ? (wanted as string[]).filter((key) => !Object.hasOwn(object, key)).map((key) => `${path}.${key}`) : [];
  },
  properties: (wanted, value, path) => {
    const object = record(value);
    return object ? Object.entries(wanted as Record<string, JsonSchema>).flatMap(([key, one]) => (Object.hasOwn(object, key) ? breaksAt(one, object[key], `${path}.${key}`) : [])) : [];
  },
  additionalProperties: (wanted, value, path, schema) => {
    const known = Object.keys(schema.properties ?? {});
    return Object.entries(record(value) ?? {}).flatMap(([key, item]) => (known.includes(key) ? [] : breaksAt(wanted as JsonSchema | boolean, item, `${path}.${key}`)));
  },
  anyOf: (wanted, value, path) => unless(passing(wanted, value, path) > 0, path),
  oneOf: (wanted, value, path) => unless(passing(wanted, value, path) === 1, path),
};

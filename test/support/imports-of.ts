/**
 * Everything a source file takes from another: import and export-from, import(), type imports in annotations, require,
 * workers made with new URL(..., import.meta.url), and import.meta.glob. Read from the syntax tree, so strings and comments
 * that look like imports are not taken for any.
 */
import { parseSync } from "vite";

export interface Import {
  /** What stands between the quotes; undefined where it is computed and so cannot be checked. */
  target: string | undefined;
  /** The statement vanishes when types are stripped: `import type`, `export type`. */
  typeOnly: boolean;
  line: number;
}

type Node = Record<string, unknown> & { type: string; start: number };

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function textOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === "Literal" && typeof value["value"] === "string") return value["value"];
  if (value.type === "TSLiteralType") return textOf(value["literal"]);
  const quasis = value["quasis"];
  if (value.type === "TemplateLiteral" && Array.isArray(quasis) && quasis.length === 1) return (quasis[0] as { value: { cooked: string } }).value.cooked;
  return undefined;
}

const isImportMeta = (value: unknown): boolean => isNode(value) && value.type === "MetaProperty";

function isMember(value: unknown, property: string): value is Node {
  return isNode(value) && value.type === "MemberExpression" && (value["property"] as { name?: string }).name === property;
}

/** Program text is loaded; other files so named are read by whoever may read files, which the table settles by node:fs. */
const isProgramText = (target: string): boolean => /\.[cm]?[jt]s$/.test(target);

function targetsOf(node: Node): { target: string | undefined; typeOnly: boolean }[] {
  const args = Array.isArray(node["arguments"]) ? (node["arguments"] as unknown[]) : [];
  const name = isNode(node["callee"]) ? node["callee"]["name"] : undefined;
  switch (node.type) {
    case "ImportDeclaration":
      return [{ target: textOf(node["source"]), typeOnly: node["importKind"] === "type" }];
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node["source"] == null ? [] : [{ target: textOf(node["source"]), typeOnly: node["exportKind"] === "type" }];
    case "ImportExpression":
      return [{ target: textOf(node["source"]), typeOnly: false }];
    case "TSImportType":
      return [{ target: textOf(node["source"] ?? node["argument"]), typeOnly: true }];
    case "TSExternalModuleReference":
      return [{ target: textOf(node["expression"]), typeOnly: false }];
    case "CallExpression": {
      if (name === "require") return [{ target: textOf(args[0]), typeOnly: false }];
      if (!isMember(node["callee"], "glob") || !isImportMeta(node["callee"]["object"])) return [];
      const patterns = isNode(args[0]) && Array.isArray(args[0]["elements"]) ? (args[0]["elements"] as unknown[]) : args.slice(0, 1);
      return patterns.map((pattern) => ({ target: textOf(pattern), typeOnly: false }));
    }
    case "NewExpression": {
      const target = textOf(args[0]);
      const isOwn = name === "URL" && isMember(args[1], "url") && isImportMeta(args[1]["object"]);
      if (!isOwn || target === undefined || !isProgramText(target)) return [];
      return [{ target: /^[./]/.test(target) ? target : `./${target}`, typeOnly: false }];
    }
    default:
      return [];
  }
}

export function importsOf(path: string, source: string): Import[] {
  const { program, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path} cannot be read: ${errors[0].message}`);
  const found: Import[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isNode(value)) return;
    const line = source.slice(0, value.start).split("\n").length;
    for (const target of targetsOf(value)) found.push({ ...target, line });
    for (const child of Object.values(value)) if (typeof child === "object") visit(child);
  };
  visit(program);
  return found;
}

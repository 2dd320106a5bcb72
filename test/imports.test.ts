/** The import table holds over the real sources, and would notice if it did not. */
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkImports, lines, modelOrder } from "./support/import-table.ts";
import { importsOf } from "./support/imports-of.ts";

const root = new URL("../", import.meta.url);
const isSource = (path: string): boolean => /\.(ts|mts|mjs|js)$/.test(path) && !/\.d\.m?ts$/.test(path) && !path.includes("node_modules");

function readSources(): Record<string, string> {
  const folders = ["model", "calibrate", "web", "cli", "test"];
  const inFolders = folders.flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  );
  const atRoot = readdirSync(root, { encoding: "utf8" });
  return Object.fromEntries([...inFolders, ...atRoot].filter(isSource).map((path) => [path, readFileSync(new URL(path, root), "utf8")]));
}

const sources = readSources();

describe("the real sources", () => {
  it("are all seen", () => {
    const known = ["model/units.ts", "model/schema/index.ts", "model/program/types.ts", "calibrate/readers/deepbench.ts", "cli/main.ts", "cli/exatwin.mjs", "vite.config.ts", "test/imports.test.ts"];
    expect(Object.keys(sources)).toEqual(expect.arrayContaining(known));
    expect(Object.keys(sources).length).toBeGreaterThan(100);
    expect(importsOf("model/schema/device.ts", sources["model/schema/device.ts"] ?? "").length).toBeGreaterThan(1);
  });

  it("import only what the table allows", () => {
    const told = checkImports(sources).map(({ file, line, target, why }) => `${file}:${line} imports ${target}: ${why}`);
    expect(told).toEqual([]);
  });

  it("give each line of the table something to hold", () => {
    const idle = lines.filter(({ from }) => !Object.keys(sources).some((path) => path === from || path.startsWith(`${from}/`)));
    expect(idle).toEqual([]);
  });
});

/** Each is one file that breaks one rule; the text is what the complaint must say. */
const planted: [rule: string, file: string, source: string, why: RegExp][] = [
  ["Node in the model", "model/planted.ts", `import { readFileSync } from "node:fs";`, /no place in the order/],
  ["Node in a part of the model", "model/io/planted.ts", `import { readFileSync } from "node:fs";`, /model\/ is pure/],
  ["a builtin without its prefix", "model/io/planted.ts", `import fs from "fs";`, /model\/ is pure/],
  ["a package in the model", "model/engine/planted.ts", `import express from "express";`, /model\/ is pure/],
  ["zod outside schema/", "model/engine/planted.ts", `import { z } from "zod";`, /model\/ is pure/],
  ["statistics outside uncertainty/", "model/engine/planted.ts", `import { mean } from "simple-statistics";`, /model\/ is pure/],
  ["the web from the model", "model/engine/planted.ts", `import { x } from "../../web/shared/api.ts";`, /model\/ is pure/],
  ["calibrate from the model", "model/engine/planted.ts", `import type { X } from "../../calibrate/fit/matrix.ts";`, /model\/ is pure/],
  ["scenarios from the model", "model/engine/planted.ts", `import x from "../../scenarios/sources.json" with { type: "json" };`, /model\/ is pure/],
  ["upwards in the model", "model/schema/planted.ts", `import { x } from "../engine/analytic.ts";`, /model\/engine stands above model\/schema/],
  ["the predictor from the engine", "model/engine/planted.ts", `import { x } from "../predict/predict.ts";`, /model\/predict stands above model\/engine/],
  ["upwards in the model, a type", "model/units.ts", `import type { X } from "./cost.ts";`, /model\/cost stands above model\/units/],
  ["one part of the machine from another", "model/network/planted.ts", `import type { X } from "../compute/tiles.ts";`, /do not know each other/],
  ["the workload from a part of the machine", "model/compute/planted.ts", `import type { Layer } from "../workload/layer.ts";`, /do not know each other/],
  ["more than types from schema", "model/io/planted.ts", `import { x } from "../schema/common.ts";`, /only types from model\/schema/],
  ["types beside values", "model/io/planted.ts", `import { type X } from "../schema/common.ts";`, /only types from model\/schema/],
  ["a module without a place", "model/planted/x.ts", `import { x } from "../units.ts";`, /model\/planted has no place/],
  ["import()", "model/engine/planted.ts", `export const load = () => import("node:os");`, /model\/ is pure/],
  ["import() of something computed", "model/engine/planted.ts", `export const load = (name: string) => import(name);`, /cannot be checked/],
  ["export from", "model/engine/planted.ts", `export { readFileSync } from "node:fs";`, /model\/ is pure/],
  ["export * from", "model/program/planted.ts", `export * from "../engine/analytic.ts";`, /stands above/],
  ["a type in an annotation", "model/program/planted.ts", `export type X = import("../engine/analytic.ts").X;`, /stands above/],
  ["require", "model/engine/planted.ts", `const os = require("node:os");`, /model\/ is pure/],
  ["a worker", "model/engine/planted.ts", `new Worker(new URL("../../web/client/worker.ts", import.meta.url));`, /model\/ is pure/],
  ["Node in calibrate", "calibrate/planted.ts", `import { readFileSync } from "node:fs";`, /calibrate may not import node:fs/],
  ["the command line from calibrate", "calibrate/planted.ts", `import { x } from "../cli/host/library.ts";`, /calibrate may not import cli\/host/],
  ["values of the model in web/shared", "web/shared/planted.ts", `import { predict } from "../../model/index.ts";`, /only types from model\/index/],
  ["Node in web/shared", "web/shared/planted.ts", `import os from "node:os";`, /may not import node:os/],
  ["the page from the server", "web/server/planted.ts", `import { x } from "../client/state.ts";`, /may not import web\/client/],
  ["a command from the server", "web/server/planted.ts", `import { x } from "../../cli/commands/list.ts";`, /may not import cli\/commands/],
  ["the server from the page", "web/client/planted.ts", `import type { X } from "../server/app.ts";`, /may not import web\/server/],
  ["Node in the page", "web/client/planted.ts", `import os from "node:os";`, /may not import node:os/],
  ["zod in the page", "web/client/planted.ts", `import { z } from "zod";`, /may not import zod/],
  ["scenarios in the page", "web/client/planted.ts", `const all = import.meta.glob("../../scenarios/**/*.json");`, /may not import scenarios/],
  ["the server from a command", "cli/commands/planted.ts", `import { x } from "../../web/server/app.ts";`, /may not import web\/server/],
  ["the page from serve", "cli/commands/serve.ts", `import { x } from "../../web/client/state.ts";`, /may not import web\/client/],
  ["a package in the command line", "cli/planted.ts", `import { z } from "zod";`, /may not import zod/],
  ["scenarios from the command line", "cli/planted.ts", `import x from "../scenarios/sources.json" with { type: "json" };`, /may not import scenarios/],
  ["the command line from its host", "cli/host/planted.ts", `import { x } from "../commands/list.ts";`, /may not import cli\/commands/],
  ["the set-up from the command line", "cli/planted.ts", `import { x } from "./setup/step.mjs";`, /may not import cli\/setup/],
  ["a package in the set-up", "cli/setup/planted.mjs", `import { z } from "zod";`, /may not import zod/],
  ["tests from the program", "cli/planted.ts", `import { x } from "../test/support/import-table.ts";`, /may not import test/],
  ["a folder without a line", "planted/x.ts", `import { x } from "../model/units.ts";`, /no line of the import table/],
];

describe("a planted violation is caught:", () => {
  it.each(planted)("%s", (_rule, file, source, why) => {
    const found = checkImports({ [file]: source });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ file, line: 1, why: expect.stringMatching(why) });
  });
});

const allowed: [file: string, source: string][] = [
  ["model/schema/planted.ts", `import { z } from "zod"; import { x } from "../units.ts";`],
  ["model/variability/planted.ts", `import { normalQuantile } from "../normal.ts"; import type { X } from "../schema/common.ts";`],
  ["model/cost.ts", `import { x } from "./compute/tiles.ts"; import { y } from "./network/control-plane.ts"; export * from "./io/input.ts";`],
  ["model/engine/planted.ts", `// import "node:fs"\nexport const text = 'import { x } from "express"';`],
  ["calibrate/planted.ts", `import { mean } from "simple-statistics"; import { x } from "../model/index.ts";`],
  ["web/shared/planted.ts", `import type { Prediction } from "../../model/prediction.ts"; import { x } from "../../model/schema/index.ts"; import { z } from "zod";`],
  ["web/server/planted.ts", `import express from "express"; import { x } from "../../cli/host/library.ts"; import { y } from "../shared/api.ts";`],
  ["web/client/planted.ts", `import { scaleLog } from "d3-scale"; import * as d3 from "d3"; import "./theme.css"; new Worker(new URL("./worker.ts", import.meta.url));`],
  ["cli/commands/serve.ts", `import { x } from "../../web/server/app.ts"; import { y } from "../command.ts"; import { z } from "../host/root.ts";`],
  ["test/planted.ts", `import { x } from "../cli/setup/step.mjs"; import { y } from "../model/units.ts"; await import(y);`],
];

it.each(allowed)("what the table allows passes: %s", (file, source) => {
  expect(checkImports({ [file]: source })).toEqual([]);
});

it("no member of model/ stands twice in the order", () => {
  const members = modelOrder.flat();
  expect(new Set(members).size).toBe(members.length);
});

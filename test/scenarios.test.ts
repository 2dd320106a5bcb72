/** The stored documents: each parses, every name and source in it exists, its id is its file's name, and what is stored is used. */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { importedSource } from "../calibrate/import/index.ts";
import { jsonFiles } from "../cli/host/library.ts";
import { showProblem } from "../model/problems.ts";
import { checkDocument, checkLibrary, guessKind } from "../model/resolve/check.ts";
import { prepare } from "../model/predict/prepare.ts";
import { documentFolders, shelvedFolders, shelvedKinds, storedKinds } from "../model/schema/index.ts";
import { jsonSchema } from "../model/schema/json-schema.ts";
import { parseQuantity } from "../model/units.ts";
import { metrics, type Run } from "../model/schema/run.ts";
import { breaksAt } from "./support/json-schema-check.ts";
import { allRunNames, copyLibrary, library, scenarioOf, scenariosFolder } from "./support/library.ts";

const files = storedKinds.flatMap((kind) => jsonFiles(join(scenariosFolder, documentFolders[kind])).map((file) => ({ kind, file, path: join(scenariosFolder, documentFolders[kind], file) })));
const shelved = shelvedKinds.flatMap((kind) => jsonFiles(join(scenariosFolder, shelvedFolders[kind])).map((file) => ({ kind, file, path: join(scenariosFolder, shelvedFolders[kind], file) })));

describe("the stored documents", () => {
  it("are all read", () => {
    const read = storedKinds.reduce((sum, kind) => sum + Object.keys(library.documents[kind]).length, 0);
    expect(read).toBe(files.length);
    for (const kind of storedKinds) expect(Object.keys(library.documents[kind]), kind).not.toEqual([]);
  });

  it.each(files)("$kind $file", ({ kind, file, path }) => {
    const value = JSON.parse(readFileSync(path, "utf8")) as { id: string; $schema: string };
    expect(`${value.id}.json`).toBe(file);
    expect(value.$schema).toBe(`../schemas/${kind}.schema.json`);
    expect(checkDocument(kind, value, file, library).map(showProblem)).toEqual([]);
    expect(guessKind(value)).toBe(kind);
    expect(guessKind(Object.fromEntries(Object.entries(value).filter(([key]) => key !== "$schema"))), "without $schema").toBe(kind);
  });

  it.each(shelved)("$kind $file", ({ kind, file, path }) => {
    const value = JSON.parse(readFileSync(path, "utf8")) as { id: string; $schema: string };
    expect(`${value.id}.json`).toBe(file);
    expect(resolve(dirname(path), value.$schema)).toBe(join(scenariosFolder, "schemas", `${kind}.schema.json`));
    expect(checkDocument(kind, value, file, library).map(showProblem)).toEqual([]);
    expect(guessKind(value)).toBe(kind);
    expect(breaksAt(jsonSchema(kind), value)).toEqual([]);
  });

  it("stand in folders that hold nothing else", () => {
    for (const folder of Object.values({ ...documentFolders, ...shelvedFolders })) {
      const others = readdirSync(join(scenariosFolder, folder)).filter((file) => !file.endsWith(".json"));
      expect(others, folder).toEqual(folder === "runs" ? ["published"] : []);
    }
  });

  it("together have no problem", () => {
    expect(checkLibrary(library).map(showProblem)).toEqual([]);
  });

  it("use every source that is listed, but that of machines which users make", () => {
    // Series and rules of catalogues have sources too, and are no documents of a scenario.
    const paths = readdirSync(scenariosFolder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".json") && path !== "sources.json" && !path.startsWith("schemas"));
    const text = paths.map((path) => readFileSync(join(scenariosFolder, path), "utf8")).join("\n");
    const idle = Object.keys(library.sources).filter((id) => id !== importedSource && !text.includes(`"${id}"`));
    expect(idle).toEqual([]);
  });
});

describe.each(allRunNames)("run %s", (name) => {
  const scenario = scenarioOf(name);
  const run = scenario.run as Run;

  it("builds a program whose every number is finite", () => {
    const { program, local } = prepare(scenario, "leave-one-series-out");
    expect(program.count).toBeGreaterThan(30);
    for (const column of [program.flop, program.bytes, local.time_s]) expect(column.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  });

  it("has scales and points that its machine has the devices for", () => {
    const available = scenario.machine.nodes.value * scenario.machine.node.devices.value;
    for (const devices of [...run.scales, ...run.points.map((point) => point.devices)]) expect(devices).toBeLessThanOrEqual(available);
    expect(run.scales).toEqual([...new Set(run.scales)].toSorted((a, b) => a - b));
  });

  it("has points whose interval holds their value", () => {
    for (const { metric, value, low, high } of run.points) {
      const [least, middle, most] = [low ?? value, value, high ?? value].map((text) => parseQuantity(text, metrics[metric]));
      if (!least?.ok || !middle?.ok || !most?.ok) throw new Error(`${name}: ${value} does not parse`);
      expect(least.value).toBeLessThanOrEqual(middle.value);
      expect(middle.value).toBeLessThanOrEqual(most.value);
    }
  });
});

describe("checkLibrary", () => {
  const cases: [what: string, edit: (documents: Record<string, Record<string, unknown>>) => void, path: string, hint: RegExp][] = [
    ["a machine with an unknown device", ({ machine }) => set(machine, "summit", { node: { ...inside(machine, "summit", "node"), device: "v100-sxm2-16g" } }), "machines/summit: node.device", /v100-sxm2-16gb/],
    ["a run with an unknown plan", ({ run }) => set(run, "piz-daint-tiramisu-2018", { plan: "climate-2018-daint-fp31" }), "runs/piz-daint-tiramisu-2018: plan", /climate-2018-daint-fp32/],
    ["a fact with an unknown source", ({ plan }) => set(plan, "deepcam-mlperf-2022", { fusion: { value: "1 MiB", source: "mlperf-hpc-v" } }), "plans/deepcam-mlperf-2022: fusion.source", /mlperf-hpc/],
    ["a document with an unknown source", ({ run }) => set(run, "summit-tiramisu-fp16-2018", { source: "lokwood-ai" }), "runs/summit-tiramisu-fp16-2018: source", /lockwood-ai/],
    ["an estimate from an unknown run", ({ calibration }) => set(calibration, "pytorch-2022-depthwise-traffic", { estimates: [{ ...(inside(calibration, "pytorch-2022-depthwise-traffic", "estimates") as unknown as object[])[0], run: "selene-deepcam-2021" }] }), "calibrations/pytorch-2022-depthwise-traffic: estimates[0].run", /selene-deepcam-2022/],
    ["an image that does not halve evenly", ({ workload }) => set(workload, "tiramisu-climate-2018", { options: { ...inside(workload, "tiramisu-climate-2018", "options"), height: 770 } }), "workloads/tiramisu-climate-2018: options.height", /768/],
  ];

  it.each(cases)("finds %s", (_what, edit, path, hint) => {
    const copy = copyLibrary();
    edit(copy.documents);
    expect(checkLibrary(copy)).toEqual([expect.objectContaining({ path, hint: expect.stringMatching(hint) })]);
  });

  it("finds a point that has the id of another", () => {
    const copy = copyLibrary();
    const points = inside(copy.documents.run, "selene-deepcam-2022", "points") as unknown as object[];
    set(copy.documents.run, "selene-deepcam-2022", { points: points.map((point) => ({ ...point, id: "same" })) });
    expect(checkLibrary(copy)).toEqual([expect.objectContaining({ path: "runs/selene-deepcam-2022: points[1].id", got: `"same"` })]);
  });

  function inside(documents: Record<string, unknown> | undefined, id: string, key: string): Record<string, unknown> {
    return ((documents ?? {})[id] as Record<string, Record<string, unknown>>)[key] as Record<string, unknown>;
  }
  function set(documents: Record<string, unknown> | undefined, id: string, change: object): void {
    if (documents) documents[id] = { ...(documents[id] as object), ...change };
  }
});

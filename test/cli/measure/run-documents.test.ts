/** Measured cells become runs: what a cell was is a change of the scenario, what may inform a prediction was declared, repeats give the interval. */
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { changesOf, makeRunDocuments, type CellResult } from "../../../cli/measure/run-documents.ts";
import { parseDocument } from "../../../model/schema/parse.ts";
import { trainingCellsSchema, type TrainingCell } from "../../../model/schema/training-cells.ts";
import { ownHostLibrary } from "../../support/own-host.ts";
import { resolveScenario } from "../../../model/resolve/resolve.ts";

const declared = trainingCellsSchema.parse(JSON.parse(readFileSync(new URL("../../../native/pytorch/cells.json", import.meta.url), "utf8"))).cells;
const cell = (id: string): TrainingCell => declared.find((one) => one.id === id) ?? (() => { throw new Error(id); })();
const result = (id: string, median_s: number, quiet = true): CellResult => ({ cell: cell(id), median_s, steps: 10, quiet });
const context = { host: "box", title: "A box", year: 2026, source: "own-training-2026", shaped: "box-namespaces", unshaped: "box-namespaces-unshaped" };

describe("run documents of measured cells", () => {
  const documents = makeRunDocuments([result("gpt-b4-1g", 0.28), result("gpt-b4-500m", 0.39), result("gpt-b4-1g", 0.3, false), result("gpt-b4-unshaped", 0.22)], context);

  it("are one per workload and kind of link, and parse", () => {
    expect(documents.map(({ id, machine }) => [id, machine])).toEqual([["box-gpt-256", "box-namespaces"], ["box-gpt-256-unshaped", "box-namespaces-unshaped"]]);
    for (const document of documents) expect(parseDocument("run", document, document.id).problems).toEqual([]);
  });

  it("hold the middle of the quiet repeats, with them as ends, and say how many were not", () => {
    const [point, other] = documents[0]?.points ?? [];
    expect(point).toMatchObject({ id: "gpt-b4-1g", value: "280 ms", use: "calibration", note: expect.stringContaining("1 of 2 repeats") });
    expect(other).toMatchObject({ id: "gpt-b4-500m", value: "390 ms", use: "validation" });
    expect(other).not.toHaveProperty("low");
  });
});

describe("the scenario of a cell", () => {
  it.each(declared)("$id resolves", (one) => {
    const resolved = resolveScenario(ownHostLibrary(), { machine: "cores", workload: one.workload, plan: "own-training-fp32", stack: "pytorch-gloo-cpu", changes: changesOf(one) });
    expect(resolved.problems).toEqual([]);
    const scenario = resolved.scenario;
    expect(scenario?.plan.samplesPerDevice).toBe(one.batch);
    expect(scenario?.plan.accumulation).toBe(one.accumulation);
    expect(scenario?.machine.node.timeSharing).toBe(one.ranksPerCore);
    expect(scenario?.stack.collective.overlap).toBe(one.scheme !== "per-tensor");
    expect(scenario?.stack.input.place).toBe(one.loader === "none" ? "memory" : "training-process");
  });
});

/** The declared cells of real training: complete, distinct, in words the documents know, and with enough kept back to judge a prediction by. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { trainingCellsSchema } from "../../../model/schema/training-cells.ts";

const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const { cells, declared } = trainingCellsSchema.parse(JSON.parse(readFileSync(file("native/pytorch/cells.json"), "utf8")));
const workloads = [...new Set(cells.map(({ workload }) => workload))];
const familyOf = (workload: string) => (JSON.parse(readFileSync(file(`scenarios/workloads/${workload}.json`), "utf8")) as { family: string }).family;

describe("the declared cells", () => {
  it("have ids of their own and settings of their own", () => {
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    expect(new Set(cells.map((cell) => JSON.stringify({ ...cell, id: "", use: "" }))).size).toBe(cells.length);
  });

  it("cover the four networks, each at three rates and more", () => {
    expect(workloads.map(familyOf).toSorted()).toEqual(["gpt", "mlp", "small-resnet", "unet"]);
    for (const workload of workloads) expect(new Set(cells.filter((cell) => cell.workload === workload && cell.ranks === 2).map(({ rate }) => rate)).size, workload).toBeGreaterThanOrEqual(3);
  });

  it("keep back one network, every variant and most of the rest", () => {
    const fit = cells.filter(({ use }) => use === "fit");
    expect(fit.map(({ workload }) => familyOf(workload))).not.toContain("unet");
    for (const cell of fit) expect(cell).toMatchObject({ ranks: 2, scheme: "ddp", accumulation: 1, loader: "none", bucket: "4 MiB" });
    expect(fit.length).toBeLessThan(cells.length / 4);
  });

  it("say when they were declared, and share cores where there are more ranks than two", () => {
    expect(declared).toMatch(/^2026-11-/);
    for (const { id, ranks, ranksPerCore } of cells) expect(ranks / ranksPerCore, id).toBe(Math.min(ranks, 2));
  });

  it("sum gradients where and only where there are ranks to sum with", () => {
    for (const { id, ranks, scheme } of cells) expect(scheme === "none", id).toBe(ranks === 1);
  });
});

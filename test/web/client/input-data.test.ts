/** What the charts of input draw: supply beside demand, strategies of staging over nodes, and titles that say what the numbers say. */
import { describe, expect, it } from "vitest";
import { raceData, raceTable, raceTitle, supplyData, supplyTable, supplyTitle } from "../../../web/client/data/input-data.ts";
import { activePoint } from "../../../web/client/data/scene.ts";
import { flagship, sceneOf } from "./scenes.ts";

const run = { subject: { run: flagship } };
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("supply beside demand", () => {
  it("of the flagship: every stage supplies more than a GPU takes", () => {
    const scene = sceneOf(run);
    const { rows, demand_samples_per_s } = supplyData(scene);
    expect(rows.map(({ name }) => name)).toEqual(["Read", "Decode", "Copy to the GPU"]);
    expect(rows.every((row) => !row.binds && row.supply_samples_per_s > demand_samples_per_s)).toBe(true);
    expect(plain(supplyTitle(scene))).toMatch(/^Input hides: reading has 5\.\d+ times the need$/);
    expect(supplyTable(scene).rows).toHaveLength(3);
  });

  it("without staging: reading binds, its supply is what the prediction says, and the title names the wait", () => {
    const scene = sceneOf({ ...run, changes: { "plan.staging.mode": "none" } });
    const { rows, demand_samples_per_s } = supplyData(scene);
    const read = activePoint(scene).input.stages.find(({ id }) => id === "read")!;
    expect(rows[0]!.binds).toBe(true);
    expect(rows[0]!.supply_samples_per_s).toBeCloseTo(read.supply_samples_per_s!, 6);
    expect(rows[0]!.supply_samples_per_s).toBeLessThan(demand_samples_per_s);
    expect(plain(supplyTitle(scene))).toMatch(/^The step waits [\d.]+ m?s for reading$/);
  });

  it("with a share that does not fit: a row for each tier", () => {
    const { rows } = supplyData(sceneOf({ ...run, changes: { "machine.node.localStorage.capacity": "50 GB" } }));
    expect(rows.slice(0, 2).map(({ detail }) => plain(detail))).toEqual(["node NVMe, 50 % of samples", "Alpine, IBM Spectrum Scale, 50 % of samples"]);
  });
});

describe("the race of staging", () => {
  it("has a line for each strategy over the same nodes, the plan's marked, and its time at the active count", () => {
    const scene = sceneOf(run);
    const race = raceData(scene)!;
    expect(race.lines.map(({ strategy, chosen }) => [strategy, chosen])).toEqual([["naive", false], ["exchange", true], ["shards", false]]);
    expect(new Set(race.lines.map(({ points }) => points.map(({ nodes }) => nodes).join())).size).toBe(1);
    expect(race.activeNodes).toBe(4560);
    expect(raceTable(scene).rows).toHaveLength(3 * race.lines[0]!.points.length);
    expect(plain(raceTitle(scene))).toMatch(/^Staged in 98\.4 s; by copies on every node 3\d\.\d min$/);
  });

  it("is told as impossible where nodes have no storage in their document", () => {
    const scene = sceneOf({ subject: { run: "cascadelake-vm-2c-unet-64" } });
    if (scene.current.prediction.stagingRace === null) expect(raceTitle(scene)).toContain("nothing can be staged");
    else expect(raceData(scene)).not.toBeNull();
  });
});

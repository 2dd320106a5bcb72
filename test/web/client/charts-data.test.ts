/** What the charts draw is what the model said, and titles say what the charts draw. */
import { describe, expect, it } from "vitest";
import { chooseDevices, powers } from "../../../web/client/data/devices.ts";
import { efficiencyData } from "../../../web/client/data/efficiency-data.ts";
import { decidingInputs, efficiencyFinding, inputsFinding, scalingFinding, stepFinding } from "../../../web/client/data/findings.ts";
import { scalingData, scalingTable } from "../../../web/client/data/scaling-data.ts";
import { activePoint, lossesOf, pointAt } from "../../../web/client/data/scene.ts";
import { movingInputs } from "../../../web/client/data/tornado-data.ts";
import { sumHolds, waterfallData } from "../../../web/client/data/waterfall-data.ts";
import { unitOf } from "../../../web/client/format.ts";
import { createWaiting } from "../../../web/client/newest.ts";
import { flagship, sceneOf, scenes } from "./scenes.ts";

describe.each(scenes())("%s", (_, scene) => {
  it("loses to its terms what its efficiency lacks, at every count", () => {
    const single = pointAt(scene.current, 1);
    expect(single).toBeDefined();
    for (const point of scene.current.prediction.points) {
      const lost = lossesOf(point, single as NonNullable<typeof single>).reduce((sum, loss) => sum + loss.lost, 0);
      expect(lost).toBeCloseTo(1 - point.efficiency.value, 6);
    }
  });

  it("shows a step whose rows add up as printed", () => {
    const data = waterfallData(scene);
    expect(sumHolds(activePoint(scene).terms.map((term) => term.time_s), activePoint(scene).stepTime_s.value)).toBe(true);
    expect(data.rows.reduce((sum, row) => sum + row.printed, 0)).toBeCloseTo(data.total.printed, data.decimals + 2);
    expect(data.total.note).toContain("sum checked");
  });

  it("has titles of at most 65 characters", () => {
    const { inputs, stepTime_s } = movingInputs(scene);
    const point = activePoint(scene);
    const titles = [
      scalingFinding(scene), efficiencyFinding(point, pointAt(scene.current, 1)), stepFinding(point, scene.baseline ? pointAt(scene.baseline, point.devices) : undefined, unitOf(point.stepTime_s.value, "time")),
      inputsFinding(inputs.map((input) => ({ path: input.path, low: input.stepTimeLow_s - stepTime_s, high: input.stepTimeHigh_s - stepTime_s }))),
    ];
    for (const title of titles) {
      expect(title.length).toBeGreaterThan(10);
      expect(title.length).toBeLessThanOrEqual(65);
      expect(title).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("draws every point of the prediction, in its table too", () => {
    const data = scalingData(scene);
    const drawn = data.series[0]?.points ?? [];
    expect(drawn.map((point) => point.devices)).toEqual(scene.current.prediction.points.map((point) => point.devices));
    const rows = scalingTable(data).rows.filter((row) => row[0] === data.series[0]?.name);
    drawn.forEach((point, index) => expect(Number(rows[index]?.[4]) * data.unit.scale).toBeCloseTo(point.value, -Math.floor(Math.log10(point.value)) + 4));
  });
});

describe("the flagship", () => {
  const scene = sceneOf({ subject: { run: flagship } });

  it("stands beside 999.0 PF/s, with FP32 as its second series and 90.7 % named as that of FP32", () => {
    const data = scalingData(scene);
    expect(data.series.map((series) => series.name)).toEqual(["FP16", "FP32"]);
    expect(data.published.map((mark) => mark.text)).toEqual(["999.0\u00a0PF/s", "325.8\u00a0PF/s"]);
    expect(data.lens.rows.map((row) => row.kind)).toEqual(["predicted", "published"]);
    expect(efficiencyData(scene).notes).toEqual(["90.7 published for the FP32 run"]);
  });

  it("says in its title what is predicted and what was published", () => {
    const value = activePoint(scene).rate_flop_per_s.value / 1e15;
    const shown = scalingFinding(scene).replaceAll(",", "");
    expect(shown).toContain("999.0\u00a0PF/s published");
    expect(Number(/^([\d.]+)/.exec(shown)?.[1])).toBeCloseTo(value, 0);
  });

  it("is told apart from a what-if by its baseline", () => {
    const changed = sceneOf({ subject: { run: flagship }, changes: { "plan.gradientLag": 0 } });
    const lens = scalingData(changed).lens.rows;
    expect(lens.map((row) => row.kind)).toEqual(["predicted", "baseline", "published"]);
    expect(lens[0]?.value).toBeLessThan(lens[1]?.value ?? 0);
    expect(scalingFinding(changed)).toMatch(/^With these changes Summit gives up [\d.,]+\u00a0PF\/s$/);
  });
});

it("the inputs that decide are the fewest that make four fifths of the variance", () => {
  const swing = (size: number) => ({ path: "", low: -size, high: size });
  expect(decidingInputs([swing(1), swing(1), swing(1), swing(1), swing(1)])).toBe(4);
  expect(decidingInputs([swing(1), swing(10), swing(1)])).toBe(1);
  expect(decidingInputs([])).toBe(0);
});

describe("device counts", () => {
  it("are those of the run with one device, the published ones and those asked for, each once and rising", () => {
    const points = [{ devices: 300 }, { devices: 27_360 }] as never;
    expect(chooseDevices({ scales: [6, 96, 27_360], points }, 6, 27_648, [96, 1536])).toEqual([1, 6, 96, 300, 1536, 27_360]);
  });
  it("of a run are cut to a smaller machine, but one that was asked for is kept, so that the model can refuse it", () => {
    expect(chooseDevices({ scales: [6, 96, 27_360], points: [] }, 6, 600, [5000])).toEqual([1, 6, 96, 5000]);
  });
  it("of a free composition are powers of four of whole nodes up to the machine", () => {
    expect(powers(4, 6144)).toEqual([4, 16, 64, 256, 1024, 4096, 6144].filter((count) => count < 6144 / 1.5 || count === 6144));
  });
});

it("of requests that wait only the newest of a slot is served, slots in their order", () => {
  const waiting = createWaiting<"a" | "b", { slot: "a" | "b"; id: number }>(["a", "b"]);
  expect(waiting.add({ slot: "b", id: 1 })).toBeUndefined();
  expect(waiting.add({ slot: "a", id: 2 })).toBeUndefined();
  expect(waiting.add({ slot: "a", id: 3 })).toEqual({ slot: "a", id: 2 });
  expect([waiting.next()?.id, waiting.next()?.id, waiting.next()]).toEqual([3, 1, undefined]);
});

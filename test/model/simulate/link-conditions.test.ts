/** Slow and failed links, other jobs, and work that differs from step to step: each costs what it should, and names that do not exist are problems. */
import { describe, expect, it } from "vitest";
import { simulateFlows } from "../../../model/engine/events/index.ts";
import { makeFatTree } from "../../../model/network/topology/index.ts";
import { InputError } from "../../../model/problems.ts";
import { withBackground } from "../../../model/simulate/background.ts";
import { equalDevices } from "../../../model/variability/spread.ts";
import { drawFleets } from "../../../model/simulate/fleets.ts";
import { withConditions } from "../../../model/simulate/link-conditions.ts";
import { simulate } from "../../../model/simulate/simulate.ts";
import { seededRandom } from "../../../model/variability/draw.ts";
import { scenarioOf } from "../../support/library.ts";

const level = { capacity_bytes_per_s: 1e9, latency_s: 1e-6, cables: 1 };
const tree = (kind: "deterministic" | "ecmp") =>
  makeFatTree({ levels: [{ ...level, down: 4, up: 1 }, { ...level, down: 4, up: 4 }], routing: kind === "ecmp" ? { kind, seed: 5 } : { kind } });
const one = { from: Int32Array.of(0), to: Int32Array.of(5), bytes: Float64Array.of(1e9), start_s: Float64Array.of(0) };
const none = { slow: [], failed: [] };

function problemsOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("links by name", () => {
  it("slow one direction, both, or a whole kind", () => {
    const end_s = (name: string) => simulateFlows(withConditions(tree("deterministic"), { ...none, slow: [{ name, share: 0.25 }] }), one).end_s[0];
    expect(end_s("host 0 > leaf 0")).toBeCloseTo(4 + 4e-6, 12);
    expect(end_s("leaf 0 > host 0")).toBeCloseTo(1 + 4e-6, 12);
    expect(end_s("leaf 0 <> host 0")).toBeCloseTo(4 + 4e-6, 12);
    expect(end_s("leaf-spine")).toBeCloseTo(4 + 4e-6, 12);
  });

  it("are problems where there is none, with the nearest", () => {
    const problems = problemsOf(() => withConditions(tree("deterministic"), { slow: [{ name: "leaf 0 > spin 1", share: 0.5 }], failed: ["leaf 99 > spine 0"] }));
    expect(problems.map(({ path, code }) => [path, code])).toEqual([["slowLinks", "unknown-name"], ["failedLinks", "unknown-name"]]);
    expect(problems[0]?.hint).toContain("spine");
    expect(problems[1]?.hint).toMatch(/leaf \d+ > spine 0/);
  });

  it("fail: hashed routing goes around, routing by destination names the pair", () => {
    // Every way up from leaf 0 but one.
    const failed = [0, 1, 2].map((spine) => `leaf 0 <> spine ${spine}`);
    const graph = withConditions(tree("ecmp"), { ...none, failed });
    const way = new Int32Array(4);
    for (let to = 4; to < 16; to++) {
      expect(graph.route(0, to, way, 0)).toBe(4);
      expect(graph.links.describe(way[1] as number)).toMatchObject({ from: "leaf 0", to: "spine 3" });
    }
    const fixed = withConditions(tree("deterministic"), { ...none, failed });
    // The spine is the destination modulo 4.
    expect(problemsOf(() => simulateFlows(fixed, { ...one, to: Int32Array.of(7) }))).toEqual([]);
    const [problem] = problemsOf(() => simulateFlows(fixed, one));
    expect(problem?.code).toBe("dead-link");
    expect(problem?.got).toContain("leaf 0 to spine 1");
  });
});

describe("other jobs", () => {
  it("take the part that was asked for from links between switches, and nothing from ports of nodes", () => {
    const graph = makeFatTree({ levels: [{ ...level, down: 32, up: 1 }, { ...level, down: 32, up: 32 }] }, (endpoint) => `node ${endpoint} / nic 0`);
    const { links } = withBackground(graph, 0.3, seededRandom(4));
    let [sum, count] = [0, 0];
    for (let link = 0; link < links.count; link++) {
      const share = (links.capacity_bytes_per_s[link] as number) / 1e9;
      if (links.describe(link).kind === "host") expect(share).toBe(1);
      else [sum, count] = [sum + share, count + 1];
    }
    // 2,048 links of 8 places each: a standard error of 0.0036.
    expect(count).toBe(2048);
    expect(Math.abs(sum / count - 0.7)).toBeLessThan(0.015);
  });
});

it("jitter has mean 1 and the spread that was asked for, on top of the same speeds", () => {
  const task = { devices: 20_000, seed: 2, spread: { ...equalDevices, sigma: 0.01, devicesPerNode: 4 }, jitter: 0.05, slowNode: 1 };
  const { speeds, jittered } = drawFleets(task)();
  expect(drawFleets({ ...task, jitter: 0 })().all).toEqual(speeds);
  const ratios = jittered.map((value, rank) => value / (speeds[rank] as number));
  const mean = ratios.reduce((sum, value) => sum + value, 0) / ratios.length;
  const variance = ratios.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ratios.length;
  expect(Math.abs(mean - 1)).toBeLessThan(4 * (0.05 / Math.sqrt(20_000)));
  expect(Math.abs(Math.sqrt(variance) / 0.05 - 1)).toBeLessThan(0.05);
});

describe("the flagship with everything at once", () => {
  const scenario = scenarioOf("summit-deeplabv3plus-fp16-2018", { "plan.gradientLag": "0" });
  const simulation = simulate(scenario, { devices: 192, draws: 2, slowLinks: [{ name: "leaf-spine", share: 0.1 }], background: 0.5, jitter: 0.02, slowNode: 1.1 });

  it("names every cause, and they add up", () => {
    expect(simulation.causes.map(({ id }) => id)).toEqual(["network", "links", "background", "devices", "jitter", "slow-node"]);
    expect(simulation.analytic_s + simulation.causes.reduce((sum, { time_s }) => sum + time_s, 0)).toBeCloseTo(simulation.step_s.mean, 12);
    for (const { id, time_s } of simulation.causes) if (id !== "network" && id !== "devices") expect(time_s, id).toBeGreaterThan(0);
  });

  it("repeats with its seed", () => {
    const again = simulate(scenario, { devices: 192, draws: 2, slowLinks: [{ name: "leaf-spine", share: 0.1 }], background: 0.5, jitter: 0.02, slowNode: 1.1 });
    expect(again.draws_s).toEqual(simulation.draws_s);
  });
});

it("says all that is wrong with the conditions at once", () => {
  const paths = problemsOf(() => simulate(scenarioOf("summit-deeplabv3plus-fp16-2018"), { devices: 12, background: 2, jitter: -1, slowLinks: [{ name: "leaf-spine", share: 0 }] })).map(({ path }) => path);
  expect(paths).toEqual(["background", "jitter", "slowLinks[0] leaf-spine"]);
});

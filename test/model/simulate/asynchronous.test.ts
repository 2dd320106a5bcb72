/** Asynchronous schemes by events beside their closed forms: waiting, servers that are free, nearly used and overrun, averaging, lag; staleness where it must lie. */
import { describe, expect, it } from "vitest";
import { exchangeAlone_s, serverFloor_s, type ExchangeNetwork } from "../../../model/asynchrony/exchange.ts";
import { stalenessOf } from "../../../model/asynchrony/delay.ts";
import type { Asynchrony } from "../../../model/asynchrony/scheme.ts";
import { groupsAt } from "../../../model/asynchrony/scheme.ts";
import { waitAt } from "../../../model/asynchrony/waiting.ts";
import { predict, resolveScenario, simulate } from "../../../model/index.ts";
import type { Changes } from "../../../model/scenario.ts";
import { simulateAsynchronous } from "../../../model/simulate/asynchronous.ts";
import { drawFleets } from "../../../model/simulate/fleets.ts";
import { seededRandom } from "../../../model/variability/draw.ts";
import { equalDevices, type DeviceSpread } from "../../../model/variability/spread.ts";
import { library } from "../../support/library.ts";

const synchronous: Asynchrony = { scheme: "synchronous", groups: 1, period: 1, exchange: "none", servers: 1, server_bytes_per_s: null, overlap: false, lag: 0, compression: { method: "none", share: 1, passes: 0 } };
const spread: DeviceSpread = { ...equalDevices, sigma: 0.0141, tail: 1.56, jitter: 0.05, devicesPerNode: 4 };

/** Mean step of a device by events, with a step of 1 s at mean speed. */
function eventStep(asynchrony: Asynchrony, unequal: DeviceSpread, devices: number, exchange_s = 0, service_s = 0, steps = 60, draws = 6) {
  const { groups, size } = groupsAt(asynchrony, devices);
  const draw = drawFleets({ devices, seed: 3, spread: unequal, jitter: unequal.jitter, slowNode: 1 });
  const runs = Array.from({ length: draws }, (_, seed) => simulateAsynchronous({ asynchrony, groups, size, speeds: draw().speeds, jitter: unequal.jitter, random: seededRandom(seed), step_s: (stretch) => stretch, exchange_s, service_s, steps }));
  return { step_s: runs.reduce((sum, one) => sum + one.step_s, 0) / runs.length, staleness: runs.flatMap((one) => one.staleness) };
}

describe("who waits for whom", () => {
  it.each([1, 2, 4, 8])("a lag of %i steps averages jitter as the closed form says, within 2 %", (lag) => {
    const asynchrony = { ...synchronous, lag };
    expect(eventStep(asynchrony, spread, 256, 0, 0, 400).step_s / waitAt(asynchrony, spread, 256)).toBeCloseTo(1, 1.7);
    expect(waitAt(asynchrony, spread, 256)).toBeLessThan(waitAt(synchronous, spread, 256));
  });

  it.each([1, 4, 16])("averaging every %i steps, within 2 %", (period) => {
    const asynchrony: Asynchrony = { ...synchronous, scheme: "periodic-averaging", groups: null, exchange: "average", period };
    expect(eventStep(asynchrony, spread, 256, 0, 0, 20 * period).step_s / waitAt(asynchrony, spread, 256)).toBeCloseTo(1, 1.7);
  });

  it("groups give their mean rate, each at the pace of its slowest, within 1.5 %", () => {
    const unequal: DeviceSpread[] = [spread, { ...spread, slowShare: 0.02, slowdown: 1.3 }, { ...spread, slowNodes: 2, nodeSlowdown: 1.5 }, { ...spread, slowNodeShare: 0.03, nodeSlowdown: 1.3 }, { ...spread, otherShare: 0.25, otherTime: 1.6 }];
    for (const one of unequal) {
      for (const groups of [256, 32, 8]) {
        const asynchrony: Asynchrony = { ...synchronous, scheme: "parameter-server", groups, exchange: "server" };
        expect(eventStep(asynchrony, one, 256, 0, 0, 40, 60).step_s / waitAt(asynchrony, one, 256), JSON.stringify({ one, groups })).toBeCloseTo(1, 1.52);
        expect(waitAt(asynchrony, one, 256)).toBeLessThanOrEqual(waitAt(synchronous, one, 256));
      }
    }
  });
});

describe("servers", () => {
  const network: ExchangeNetwork = { node_bytes_per_s: 10e9, latency_s: 2e-6, devicesPerNode: 1 };
  const bytes = 100e6;
  const servers: Asynchrony = { ...synchronous, scheme: "parameter-server", groups: null, exchange: "server" };

  it("take latency and bytes both ways from one that asks alone", () => {
    expect(exchangeAlone_s(servers, network, bytes, 64)).toBeCloseTo(2 * (2e-6 + 0.01), 9);
    expect(exchangeAlone_s({ ...servers, servers: 1, server_bytes_per_s: 1e9 }, network, bytes, 64)).toBeCloseTo(2 * (2e-6 + 0.1), 9);
    expect(exchangeAlone_s(servers, { ...network, devicesPerNode: 4 }, bytes, 64)).toBeCloseTo(2 * (2e-6 + 0.04), 9);
  });

  it.each([8, 32, 64, 96, 128, 256, 512])("with %i clients a step is the larger of its own and what servers need for all, within 6 % by events", (clients) => {
    const alone_s = exchangeAlone_s(servers, network, bytes, clients);
    const service_s = serverFloor_s(servers, network, bytes, clients) / clients;
    const closed_s = Math.max(waitAt(servers, spread, clients) + alone_s, clients * service_s);
    const { step_s, staleness } = eventStep(servers, spread, clients, alone_s, service_s);
    expect(step_s / closed_s).toBeGreaterThan(0.98);
    expect(step_s / closed_s).toBeLessThan(1.06);
    const mean = staleness.reduce((sum, one) => sum + one, 0) / staleness.length;
    expect(mean / stalenessOf(servers, clients)!.mean).toBeCloseTo(1, 1);
  });

  it("are asked less often with a period, and more of them answer faster", () => {
    expect(serverFloor_s({ ...servers, period: 10 }, network, bytes, 100)).toBeCloseTo(serverFloor_s(servers, network, bytes, 100) / 10, 12);
    expect(serverFloor_s({ ...servers, servers: 4 }, network, bytes, 100)).toBeCloseTo(serverFloor_s(servers, network, bytes, 100) / 4, 12);
    expect(serverFloor_s({ ...servers, groups: 10 }, network, bytes, 100)).toBeCloseTo(serverFloor_s(servers, network, bytes, 100) / 10, 12);
  });
});

describe("asynchronous training of a stored network", () => {
  const scenario = (changes: Changes) => {
    const resolved = resolveScenario(library, { run: "piz-daint-tiramisu-2018", changes });
    if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
    return resolved.scenario;
  };
  const both = (changes: Changes, devices = 64) => {
    const simulation = simulate(scenario(changes), { devices, draws: 4 });
    return { events: simulation.step_s.mean, closed: predict(scenario(changes), { devices: [devices] }).points[0]!.stepTime_s.value, simulation };
  };

  it.each([
    ["parameter servers", { "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.servers": 4 }],
    ["overrun parameter servers", { "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.serverBandwidth": "0.5 GB/s" }],
    ["synchronous groups", { "plan.asynchrony.scheme": "parameter-server", "plan.asynchrony.groups": 8 }],
    ["averaged weights", { "plan.asynchrony.scheme": "periodic-averaging", "plan.asynchrony.period": 10 }],
    ["elastic averaging", { "plan.asynchrony.scheme": "elastic-averaging", "plan.asynchrony.period": 5 }],
    ["independent trainings", { "plan.asynchrony.scheme": "independent" }],
    ["a lag of four steps with jitter", { "plan.gradientLag": 4, "machine.deviceSpread.jitter": "5 %" }],
  ] as const)("%s: events and closed forms agree within 6 %", (_, changes) => {
    const { events, closed } = both(changes);
    expect(events / closed).toBeGreaterThan(0.94);
    expect(events / closed).toBeLessThan(1.06);
  });

  it("tells the staleness that it saw", () => {
    expect(both({ "plan.asynchrony.scheme": "parameter-server" }).simulation.notes.join(" ")).toMatch(/met weights that others had updated 6\d\.\d times since/);
  });
});

/** Loads of links during a collective: the same bytes and time as the engine gives for the whole exchange, and refusals before anything large is made. */
import { expect, it } from "vitest";
import { carriedBytes, simulateExchange } from "../../../model/engine/events/index.ts";
import { collectiveAlgorithms, type CollectiveAlgorithm } from "../../../model/network/collectives/index.ts";
import { makeStar } from "../../../model/network/topology/index.ts";
import { InputError } from "../../../model/problems.ts";
import { estimateFlows, loadLinks, refuseTooManyFlows } from "../../../model/simulate/link-loads.ts";
import { synchronousTime } from "../../../model/simulate/synchronous.ts";
import { sentBytes } from "../../support/sent-bytes.ts";

const identity = (count: number) => Int32Array.from({ length: count }, (_, index) => index);
const algorithms = Object.values<CollectiveAlgorithm>(collectiveAlgorithms);

it.each(algorithms.map((algorithm) => [algorithm.id, algorithm] as const))("%s: phases add up to the whole exchange", (_, algorithm) => {
  const graph = makeStar(24, 1e9, 1e-6);
  const exchange = algorithm.steps({ nodes: 6, devicesPerNode: 4 }, 1e6);
  const parts: number[] = [];
  const { carried_bytes, time_s, method } = loadLinks(graph, identity(24), exchange, (part) => parts.push(part));
  expect(method).toBe("events");
  expect(carried_bytes.reduce((sum, one) => sum + one, 0) / (2 * sentBytes(exchange))).toBeCloseTo(1, 9);
  carriedBytes(graph, identity(24), exchange).forEach((bytes, link) => expect(carried_bytes[link]).toBeCloseTo(bytes, 3));
  expect(time_s).toBe(simulateExchange(graph, identity(24), exchange).end_s.reduce((most, end) => Math.max(most, end), 0));
  expect(parts.at(-1)).toBeLessThanOrEqual(1);
  expect(parts.toSorted((a, b) => a - b)).toEqual(parts);
});

it("many messages are taken step by step, with the time of the whole", () => {
  const graph = makeStar(400, 1e9, 1e-6);
  const exchange = collectiveAlgorithms.ring.steps({ nodes: 400, devicesPerNode: 1 }, 1e6);
  const { time_s, method } = loadLinks(graph, identity(400), exchange);
  expect(method).toBe("synchronous");
  expect(time_s / synchronousTime(graph, identity(400), exchange)).toBeCloseTo(1, 9);
});

it.each(algorithms.map((algorithm) => [algorithm.id, algorithm] as const))("%s: the number of flows is estimated within a factor of two from small machines", (_, algorithm) => {
  const shape = { nodes: 64, devicesPerNode: 2 };
  const exact = algorithm.steps(shape, 2 ** 20).phases.reduce((sum, { from }) => sum + from.length, 0);
  const ratio = estimateFlows(algorithm, shape, 2 ** 20) / exact;
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

it("what would not fit is refused with a number of nodes that would", () => {
  const refuse = (nodes: number) => refuseTooManyFlows(collectiveAlgorithms["all-to-all-direct"], { nodes, devicesPerNode: 6 }, 1e6);
  expect(() => refuse(400)).not.toThrow();
  try {
    refuse(4608);
    expect.unreachable();
  } catch (error) {
    const [problem] = (error as InputError).problems;
    expect(problem?.got).toContain("all-to-all-direct over 27648 ranks");
    const possible = Number(/about (\d+)/.exec(problem?.hint ?? "")?.[1]);
    expect(possible).toBeGreaterThan(400);
    expect(() => refuse(possible)).not.toThrow();
  }
});

/** The model's flows end when SimGrid's do. SimGrid itself is not needed: its answers are in golden/, written by npm run oracle. */
import { describe, expect, it } from "vitest";
import { compareExchange, compareFlows } from "./compare.ts";
import { makeExchanges } from "./exchanges.ts";
import { exchangesFile, flowsFile, pageFile, readText } from "./files.ts";
import { readExchangeGolden, readFlowGolden } from "./golden.ts";
import { countEndpoints } from "./networks.ts";
import { makePatterns } from "./patterns.ts";
import { replaceResults, writeResults } from "./table.ts";
import { buildGraph } from "./build-graph.ts";

const tolerance = 1e-9;
const flows = readFlowGolden(readText(flowsFile));
const exchanges = readExchangeGolden(readText(exchangesFile));

describe("flows", () => {
  it.each(flows.patterns)("$id", (pattern) => {
    expect(compareFlows(pattern).worst).toBeLessThan(tolerance);
  });
});

describe("exchanges in steps, every message", () => {
  it.each(exchanges.patterns)("$id", (pattern) => {
    expect(compareExchange(pattern, false).worst).toBeLessThan(tolerance);
  });
});

describe("exchanges in steps, shortened", () => {
  it.each(exchanges.patterns)("$id", (pattern) => {
    expect(compareExchange(pattern, true).worst).toBeLessThan(tolerance);
  });
});

describe("the answers", () => {
  it("are of the patterns that the generator makes, in SimGrid's plain configuration", () => {
    expect(flows.patterns).toEqual(makePatterns().map((asked, index) => ({ ...asked, end_s: flows.patterns[index]?.end_s })));
    expect(exchanges.patterns).toEqual(makeExchanges().map((asked, index) => ({ ...asked, end_s: exchanges.patterns[index]?.end_s })));
    expect(flows.patterns.length).toBeGreaterThan(40);
    for (const { head } of [flows, exchanges]) {
      expect(head).toEqual({
        simgrid: "3.32",
        command: "npm run oracle",
        settings: ["network/model:CM02", "network/latency-factor:0", "network/bandwidth-factor:1", "network/weight-S:0", "network/TCP-gamma:0", "network/crosstraffic:0"],
      });
    }
  });

  it("would tell a wrong one", () => {
    const [pattern] = flows.patterns;
    if (!pattern) throw new Error("there are no answers");
    const [first = 0, ...others] = pattern.end_s;
    expect(compareFlows({ ...pattern, end_s: [first * (1 + 3e-9), ...others] }).worst).toBeGreaterThan(tolerance);
    expect(compareFlows({ ...pattern, end_s: others }).worst).toBe(Number.POSITIVE_INFINITY);
  });

  it("are of networks whose flows contend: most take longer than alone", () => {
    const slowed = flows.patterns.filter(({ network, flows: { from, to, bytes, start_s }, end_s }) => {
      const graph = buildGraph(network);
      const way = new Int32Array(graph.longestRoute);
      expect(graph.endpoints).toBe(countEndpoints(network));
      return end_s.some((end, flow) => {
        const links = way.subarray(0, graph.route(from[flow] ?? 0, to[flow] ?? 0, way, 0));
        const latency_s = links.reduce((sum, link) => sum + (graph.links.latency_s[link] ?? 0), 0);
        const capacity = Math.min(...Array.from(links, (link) => graph.links.capacity_bytes_per_s[link] ?? 0));
        return end - (start_s[flow] ?? 0) > 1.01 * (latency_s + (bytes[flow] ?? 0) / capacity);
      });
    });
    expect(slowed.length).toBeGreaterThan(flows.patterns.length / 2);
  });
});

it("the table in docs/oracle.md is what the answers say", () => {
  const page = readText(pageFile);
  expect(replaceResults(page, writeResults(flows, exchanges))).toBe(page);
});

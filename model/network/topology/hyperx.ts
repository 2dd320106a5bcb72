/**
 * HyperX (Ahn et al., 2009): routers at the points of a grid, each joined directly to all others of its row in every dimension; one dimension is a complete
 * graph, two of them a flattened butterfly. Minimal routes take one link in each dimension that differs, in order of dimension; where routing hashes, the hash
 * picks the dimension to begin with and the cable. Left out: ways that are not minimal, except as the joined links of adaptive routing.
 */
import { wrongValue, type Problem } from "../../problems.ts";
import { checkLink, checkLinkCount, checkRouting, checkTrunk, checkWhole, refuse } from "./check.ts";
import { LinkBuilder, type LinkTable, type NetworkGraph } from "./graph.ts";
import { attachHosts, type RouterNetwork } from "./hosts.ts";
import { deterministic, nameHost, type Link, type NameEndpoint, type Routing, type Trunk } from "./link.ts";

export interface HyperXSpec {
  readonly sizes: readonly number[];
  /** Between two routers of a row, one for each dimension. */
  readonly trunks: readonly Trunk[];
  readonly hostsPerRouter: number;
  readonly host: Link;
  readonly routing?: Routing;
}

export const hyperXPorts = ({ sizes, hostsPerRouter }: HyperXSpec): number => sizes.reduce((product, size) => product * size, hostsPerRouter);

export function checkHyperX(spec: HyperXSpec, path: string): Problem[] {
  const problems: Problem[] = [];
  const { sizes, trunks } = spec;
  checkWhole(problems, `${path}.sizes.length`, sizes.length, 1, 8);
  sizes.forEach((size, index) => checkWhole(problems, `${path}.sizes[${index}]`, size, 1, 1e5));
  checkWhole(problems, `${path}.hostsPerRouter`, spec.hostsPerRouter, 1, 1e5);
  checkLink(problems, `${path}.host`, spec.host);
  if (trunks.length !== sizes.length) problems.push(wrongValue(`${path}.trunks`, trunks.length, `one for each of the ${sizes.length} dimensions`));
  trunks.forEach((trunk, index) => checkTrunk(problems, `${path}.trunks[${index}]`, trunk, (sizes[index] ?? 1) > 1 ? `the routers of dimension ${index}` : undefined));
  checkRouting(problems, path, spec.routing);
  const lanes = spec.routing?.kind === "ecmp" ? trunks.map(({ cables }) => cables) : trunks.map(() => 1);
  const routers = hyperXPorts(spec) / spec.hostsPerRouter;
  checkLinkCount(problems, path, 2 * hyperXPorts(spec) + sizes.reduce((sum, size, index) => sum + routers * (size - 1) * (lanes[index] ?? 1), 0));
  return problems;
}

export function makeHyperX(spec: HyperXSpec, name: NameEndpoint = nameHost): NetworkGraph {
  refuse(checkHyperX(spec, "hyperx"));
  const routing = spec.routing ?? deterministic;
  return attachHosts(routing.kind === "adaptive" ? joinRows(spec) : makeRouters(spec, routing.kind === "ecmp"), spec.hostsPerRouter, spec.host, routing, name);
}

interface Row {
  readonly size: number;
  readonly stride: number;
  /** Links between the same two routers that are told apart. */
  readonly lanes: number;
  readonly first: number;
}

const strides = (sizes: readonly number[]): number[] => sizes.map((_, index) => sizes.slice(0, index).reduce((product, size) => product * size, 1));
const nameRouter = (sizes: readonly number[], router: number): string => `router (${strides(sizes).map((stride, index) => Math.floor(router / stride) % (sizes[index] ?? 1)).join(",")})`;
const countRouters = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);

function makeRouters({ sizes, trunks }: HyperXSpec, split: boolean): RouterNetwork {
  const routers = countRouters(sizes);
  const builder = new LinkBuilder();
  const rows = strides(sizes).map((stride, dimension): Row => {
    const [size, { cables, capacity_bytes_per_s, latency_s }] = [sizes[dimension]!, trunks[dimension]!];
    const lanes = split ? cables : 1;
    const first = builder.add(routers * (size - 1) * lanes, split ? capacity_bytes_per_s : capacity_bytes_per_s * cables, latency_s, (index) => {
      const trunk = Math.floor(index / lanes);
      const [router, other] = [Math.floor(trunk / (size - 1)), trunk % (size - 1)];
      const mine = Math.floor(router / stride) % size;
      const theirs = other < mine ? other : other + 1;
      return { kind: `row ${dimension}`, from: nameRouter(sizes, router), to: nameRouter(sizes, router + (theirs - mine) * stride) };
    });
    return { size, stride, lanes, first };
  });
  return {
    routers,
    links: builder.build(),
    longestRoute: sizes.length,
    nameRouter: (router) => nameRouter(sizes, router),
    route(from, to, out, at, key) {
      let [place, router] = [at, from];
      const begin = split ? key % rows.length : 0;
      for (let step = 0; step < rows.length; step++) {
        const { size, stride, lanes, first } = rows[(begin + step) % rows.length]!;
        const [mine, theirs] = [((router / stride) | 0) % size, ((to / stride) | 0) % size];
        if (mine === theirs) continue;
        out[place++] = first + (router * (size - 1) + (theirs < mine ? theirs : theirs - 1)) * lanes + (Math.floor(key / rows.length) % lanes);
        router += (theirs - mine) * stride;
      }
      return place;
    },
  };
}

/** The links of a router to its row as one out and one in. */
function joinRows({ sizes, trunks }: HyperXSpec): RouterNetwork {
  const routers = countRouters(sizes);
  const builder = new LinkBuilder();
  const rows = strides(sizes).map((stride, dimension) => {
    const [size, { cables, capacity_bytes_per_s, latency_s }] = [sizes[dimension]!, trunks[dimension]!];
    const count = size > 1 ? routers : 0;
    const nameRow = (router: number) => `row ${dimension} of ${nameRouter(sizes, router - (Math.floor(router / stride) % size) * stride)}`;
    const capacity = capacity_bytes_per_s * cables * (size - 1);
    const first = builder.add(count, capacity, latency_s / 2, (router) => ({ kind: `row ${dimension}`, from: nameRouter(sizes, router), to: nameRow(router) }));
    const back = builder.add(count, capacity, latency_s / 2, (router) => ({ kind: `row ${dimension}`, from: nameRow(router), to: nameRouter(sizes, router) }));
    return { size, stride, first, back };
  });
  const links: LinkTable = builder.build();
  return {
    routers,
    links,
    longestRoute: 2 * sizes.length,
    nameRouter: (router) => nameRouter(sizes, router),
    route(from, to, out, at) {
      let [place, router] = [at, from];
      for (const { size, stride, first, back } of rows) {
        const [mine, theirs] = [((router / stride) | 0) % size, ((to / stride) | 0) % size];
        if (mine === theirs) continue;
        out[place++] = first + router;
        router += (theirs - mine) * stride;
        out[place++] = back + router;
      }
      return place;
    },
  };
}

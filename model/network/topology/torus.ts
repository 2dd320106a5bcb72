/**
 * A torus of any number of dimensions, digit 0 of a router's number fastest. Each router has a link to its next neighbour in every dimension and one back.
 * Routes go dimension by dimension, the shorter way round as SimGrid 3.32 decides it (compared with it link by link). Endpoints are the routers themselves,
 * as with chips that route (TPU), unless hosts hang on them. Dimensions may be open (a mesh: Tofu's axes of two). Left out: links of unequal length.
 */
import type { Problem } from "../../problems.ts";
import { checkLink, checkLinkCount, checkWhole, refuse } from "./check.ts";
import { LinkBuilder, type LinkTable, type NetworkGraph } from "./graph.ts";
import { attachHosts, type RouterNetwork } from "./hosts.ts";
import { deterministic, nameHost, type Link, type NameEndpoint } from "./link.ts";
import { edgeOf, neighbour, startOf, type Axis, type Twist } from "./torus-axes.ts";
import { checkTwists, makeTwistedRoute } from "./twisted-torus.ts";

export interface TorusSpec {
  readonly sizes: readonly number[];
  /** Between neighbours, each direction. */
  readonly link: Link;
  /** Dimensions that do not close. */
  readonly open?: readonly number[];
  readonly twists?: readonly Twist[];
  /** Where endpoints are not the routers. */
  readonly hosts?: { readonly perRouter: number; readonly link: Link };
}

export const torusPorts = ({ sizes, hosts }: TorusSpec): number => sizes.reduce((product, size) => product * size, hosts?.perRouter ?? 1);

export function checkTorus(spec: TorusSpec, path: string): Problem[] {
  const { sizes, link, open = [], twists = [], hosts } = spec;
  const problems: Problem[] = [];
  checkWhole(problems, `${path}.sizes.length`, sizes.length, 1, 8);
  sizes.forEach((size, index) => checkWhole(problems, `${path}.sizes[${index}]`, size, 1, 1e6));
  checkLink(problems, path, link);
  open.forEach((dimension, index) => checkWhole(problems, `${path}.open[${index}]`, dimension, 0, sizes.length - 1));
  if (hosts) {
    checkWhole(problems, `${path}.hosts.perRouter`, hosts.perRouter);
    checkLink(problems, `${path}.hosts`, hosts.link);
  }
  problems.push(...checkTwists(twists, sizes, open, path));
  checkLinkCount(problems, `${path}.sizes`, 2 * torusPorts(spec) * (sizes.length + 1));
  return problems;
}

export function makeTorus(spec: TorusSpec, name: NameEndpoint = nameHost): NetworkGraph {
  refuse(checkTorus(spec, "torus"));
  const { hosts } = spec;
  const network = makeRouters(spec, hosts ? (router) => `router ${router}` : name);
  if (hosts) return attachHosts(network, hosts.perRouter, hosts.link, deterministic, name);
  const { routers, links, longestRoute, route } = network;
  return { endpoints: routers, links, longestRoute, route: (from, to, out, at) => route(from, to, out, at, 0) };
}

function makeRouters(spec: TorusSpec, nameRouter: NameEndpoint): RouterNetwork {
  const { sizes, open = [], twists = [] } = spec;
  const routers = sizes.reduce((product, size) => product * size, 1);
  const { axes, links } = makeAxes(spec, routers, nameRouter);
  const furthest = (size: number, dimension: number) => (open.includes(dimension) ? size - 1 : twists.length > 0 ? size : size >> 1);
  const longestRoute = sizes.reduce((sum, size, dimension) => sum + furthest(size, dimension), 0);
  return { routers, links, longestRoute, nameRouter, route: twists.length > 0 ? makeTwistedRoute(axes, twists) : makeRoute(axes) };
}

function makeAxes({ sizes, link, open = [], twists = [] }: TorusSpec, routers: number, nameRouter: NameEndpoint): { axes: Axis[]; links: LinkTable } {
  const links = new LinkBuilder();
  const axes: Axis[] = [];
  let stride = 1;
  sizes.forEach((size, dimension) => {
    const shape = { size, stride, open: open.includes(dimension) };
    const count = size === 1 ? 0 : shape.open ? (routers / size) * (size - 1) : routers;
    const lower = (edge: number) => nameRouter(startOf(shape, edge));
    const upper = (edge: number) => nameRouter(neighbour(axes, twists, startOf(shape, edge), dimension, 1));
    const kind = `axis ${dimension}`;
    const firstForward = links.add(count, link.capacity_bytes_per_s, link.latency_s, (edge) => ({ kind, from: lower(edge), to: upper(edge) }));
    const firstBack = links.add(count, link.capacity_bytes_per_s, link.latency_s, (edge) => ({ kind, from: upper(edge), to: lower(edge) }));
    axes.push({ ...shape, firstForward, firstBack });
    stride *= size;
  });
  return { axes, links: links.build() };
}

function makeRoute(axes: readonly Axis[]): RouterNetwork["route"] {
  return (from, to, out, at) => {
    let [place, router] = [at, from];
    for (const axis of axes) {
      const { size, stride } = axis;
      const [mine, theirs] = [((from / stride) | 0) % size, ((to / stride) | 0) % size];
      if (mine === theirs) continue;
      const half = size >> 1;
      const forward = axis.open ? theirs > mine : (theirs > mine && theirs <= mine + half) || (mine > half && (mine + half) % size >= theirs);
      let coordinate = mine;
      while (coordinate !== theirs) {
        const next = forward ? (coordinate + 1 === size ? 0 : coordinate + 1) : coordinate === 0 ? size - 1 : coordinate - 1;
        const neighbouring = router + (next - coordinate) * stride;
        out[place++] = forward ? axis.firstForward + edgeOf(axis, router) : axis.firstBack + edgeOf(axis, neighbouring);
        coordinate = next;
        router = neighbouring;
      }
    }
    return place;
  };
}

/** Endpoints around one switch that never blocks: the least network there is. A way is the sender's link up and the receiver's link down. */
import { checkLink, checkLinkCount, checkWhole, refuse } from "./check.ts";
import { LinkBuilder, type NetworkGraph } from "./graph.ts";
import { nameHost, type NameEndpoint } from "./link.ts";
import type { Problem } from "../../problems.ts";

export function makeStar(endpoints: number, capacity_bytes_per_s: number, latency_s: number, name: NameEndpoint = nameHost): NetworkGraph {
  const problems: Problem[] = [];
  checkWhole(problems, "endpoints", endpoints);
  checkLink(problems, "", { capacity_bytes_per_s, latency_s });
  checkLinkCount(problems, "endpoints", 2 * endpoints);
  refuse(problems);
  const links = new LinkBuilder();
  links.add(endpoints, capacity_bytes_per_s, latency_s, (endpoint) => ({ kind: "host", from: name(endpoint), to: "switch" }));
  const down = links.add(endpoints, capacity_bytes_per_s, latency_s, (endpoint) => ({ kind: "host", from: "switch", to: name(endpoint) }));
  return {
    endpoints,
    links: links.build(),
    longestRoute: 2,
    route(from, to, out, at) {
      out[at] = from;
      out[at + 1] = down + to;
      return at + 2;
    },
  };
}

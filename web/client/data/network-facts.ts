/** Which facts of a machine document a kind of link has its bandwidth and latency from, so that the page can say how each is known. */
import type { Fact } from "../../../model/schema/fact.ts";
import type { Interconnect } from "../../../model/schema/interconnect.ts";

export interface LinkFacts {
  bandwidth: Fact;
  latency: Fact;
}

interface Parts {
  bandwidth?: Fact | undefined;
  latency?: Fact | undefined;
}

/** Null: the document says it in a way that this does not follow, such as levels with figures of their own. */
export function factsOf({ node, nics, domain, fabric }: Interconnect, kind: string): LinkFacts | null {
  const found: Parts | undefined = (() => {
    switch (kind) {
      case "host":
        return nics;
      case "slot":
        return nics?.slot;
      case "device link":
      case "pcie":
        return node;
      case "host link":
      case "shared host link":
        return node && "host" in node ? node.host : undefined;
      case "bus":
        return node && "bus" in node ? node.bus : undefined;
      case "domain":
        return domain;
    }
    switch (fabric.topology) {
      case "fat-tree":
      case "rail-optimised":
      case "torus":
        return fabric;
      case "dragonfly":
        return kind === "global" || kind === "blue" ? fabric.blue : kind === "black" ? fabric.black : fabric.green;
      case "dragonfly-plus":
        return kind === "global" ? fabric.global : fabric.local;
      case "hyperx":
        return fabric.trunks[Number(kind.replace(/\D+/g, ""))];
    }
  })();
  const { bandwidth, latency } = found ?? {};
  return bandwidth && latency ? { bandwidth, latency } : null;
}

/** The equation that times the sums of gradients of a scenario: that of the protocols of its library, or the closed form of the algorithm that runs. As docs/equations.md has them. */
import type { Resources } from "../cost/index.ts";
import { allReduceAlgorithms, type AllReduceId } from "../network/collectives/index.ts";
import { largeAllReduceOf } from "../network/library/index.ts";

export interface TermEquation {
  readonly term: string;
  readonly equation: string;
  readonly source: string;
}

const closedForms: Partial<Record<AllReduceId, string>> = {
  ring: "T = 2 S (n-1) / (n B) + 2 (n-1) latency",
  tree: "T = max(2 S (g-1) / (g B_in), w S / B_out) + 2 ceil(lg m) latency, w 1 for two nodes, else 2",
};

const handOver = (leaders: number, devicesPerNode: number): string => (leaders < devicesPerNode ? ` + 2 S max(1/g, (g-L)/(g L)) / B_in, to L = ${leaders} leaders and back` : "");

export function sumEquation({ collectives, devicesPerNode }: Resources): TermEquation {
  const hidden = ", less what the schedule hides";
  if (collectives.protocols) {
    const protocols = "T = softmin over two protocols of start + hops x hop + (w (S - h) + hops x h) / (rate x share), h the chunk held back; or a ring: start + 2 (m-1) step + 2 S (n-1) / (n rate)";
    return { term: "communication", equation: `${protocols}${hidden}`, source: "docs/network-fits.md, fitted to published nccl-tests" };
  }
  const id = largeAllReduceOf(collectives);
  const hierarchical = `T = 2 S (g-1) / (g B_in)${handOver(collectives.network.leaders ?? devicesPerNode, devicesPerNode)} + 2 S (m-1) / (m B_out) + 2 ceil(lg m) latency`;
  const form = id === "hierarchical" ? hierarchical : (closedForms[id] ?? `T of the all-reduce "${id}" in docs/equations.md`);
  return { term: "communication", equation: `${form}${hidden}`, source: allReduceAlgorithms[id].source };
}

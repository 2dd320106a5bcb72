/**
 * Intel oneCCL: on device buffers "topo", which works inside the node over its links first and then between nodes with an algorithm chosen apart: direct for
 * messages below 1 MiB, Rabenseifner's above. Host buffers know no scale-up phase. Collectives run one after another.
 */
import { defaultSetting } from "./types.ts";
import type { CollectiveLibrary } from "./types.ts";

const directBelow_bytes = 2 ** 20;

export const oneCcl: CollectiveLibrary = {
  id: "oneccl",
  title: "Intel oneCCL",
  does: "topo inside the node; between nodes direct below 1 MiB and Rabenseifner above; one collective at a time",
  sources: ["oneCCL documentation, environment variables CCL_ALLREDUCE and CCL_ALLREDUCE_SCALEOUT", "github.com/uxlfoundation/oneCCL: src/coll/selection"],
  overlapsCollectives: false,
  operations: ["all-reduce"],
  choose(operation, bytes, { nodes }, { buffers } = defaultSetting) {
    if (operation !== "all-reduce") return undefined;
    const between = bytes < directBelow_bytes ? "direct" : "rabenseifner";
    const why = `${between} between nodes: ${between === "direct" ? "below" : "from"} 1 MiB`;
    if (buffers === "host") return { algorithm: between, why };
    const inside = "reduce-scatter and all-gather over the links of the node";
    return nodes > 1 ? { algorithm: "topo", inside, between, why } : { algorithm: "topo", inside, why: "device buffers of one node" };
  },
};

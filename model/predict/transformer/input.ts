/** Token loading of one layout: what a step reads, what storage gives, and the wait where it gives less. */
import { nodeRead, allClientsRead } from "../../io/tiers.ts";
import { tokenSupply } from "../../io/tokens.ts";
import type { Layout } from "../../plan/layout.ts";
import type { TransformerTermTime } from "../../prediction-transformer.ts";
import type { TokenInputReport } from "../../prediction-input.ts";
import { makeTier } from "../../resolve/input.ts";
import { formatCount, showQuantity } from "../../units.ts";
import type { PreparedTransformer } from "./prepare.ts";

/** One rank of each data replica reads for those that share its tokens. */
export function describeTokens({ scenario: { machine }, architecture, hardware }: PreparedTransformer, layout: Layout, step_s: number): TokenInputReport {
  const home = makeTier(machine.fileSystem);
  const nodes = Math.ceil(layout.devices / hardware.devicesPerNode);
  const reading = Math.min(nodes, layout.data);
  const supply = tokenSupply({
    tokensPerStep: layout.globalBatch * layout.sequence,
    readers: layout.data,
    readersPerNode: Math.ceil(layout.data / nodes),
    nodes: reading,
    vocabulary: architecture.vocabulary,
    step_s,
    nodeRead_bytes_per_s: nodeRead(home, reading, null),
    allRead_bytes_per_s: allClientsRead(home),
    hostLink_bytes_per_s: hardware.hostLink_bytes_per_s,
  });
  return { home: home.name, readers: layout.data, ...supply };
}

/** A term where input is waited for; none where it hides, as it does in all but contrived cases. */
export function tokenTerms({ home, wait_s, token_bytes, readers, supply_bytes_per_s }: TokenInputReport): TransformerTermTime[] {
  if (!(wait_s > 0)) return [];
  return [{ id: "input", label: "Input wait", group: "storage", time_s: wait_s, low95_s: wait_s, high95_s: wait_s, binds: `${formatCount(readers)} readers take ${token_bytes} bytes a token from ${home}, ${showQuantity(supply_bytes_per_s, "bandwidth")} a node` }];
}

/** What the equations leave open of one layout, wider where it lies outside the runs that informed the parameters. */
import { discrepancyOf } from "../../cost/transformer/discrepancy.ts";
import type { Layout } from "../../plan/layout.ts";
import { findOutside, widening, type DomainQuantity, type Outside } from "../../uncertainty/domain.ts";
import type { Architecture } from "../../workload/transformer/architecture.ts";
import type { PreparedTransformer } from "./prepare.ts";

/** What a layout and its model are compared with the runs of a fit by. */
export function domainValues({ hidden }: Pick<Architecture, "hidden">, { devices, microBatch, sequence, context }: Pick<Layout, "devices" | "microBatch" | "sequence" | "context">): Partial<Record<DomainQuantity, number>> {
  return { devices, tokensPerPass: (microBatch * sequence) / context, hidden };
}

export const outsideOf = ({ corpus, architecture }: Pick<PreparedTransformer, "corpus" | "architecture">, layout: Layout): Outside[] => findOutside(corpus?.domain, domainValues(architecture, layout));

/** Standard deviation of the logarithm of step time at known parameters. */
export const openSpread = (prepared: Pick<PreparedTransformer, "corpus" | "architecture">, layout: Layout): number => discrepancyOf(prepared.architecture) * widening(outsideOf(prepared, layout));

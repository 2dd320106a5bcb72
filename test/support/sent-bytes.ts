import type { Exchange } from "../../model/network/exchange.ts";

/** What all ranks of an exchange send together. */
export const sentBytes = ({ phases }: Exchange): number => phases.reduce((sum, { repeat, bytes }) => sum + repeat * bytes.reduce((inner, one) => inner + one, 0), 0);

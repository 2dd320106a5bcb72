/** What the equations leave open of a network of layers that a fit of published runs informs, wider where the scenario lies outside those runs. */
import { findOutside, widening, type Outside } from "../uncertainty/domain.ts";
import type { Prepared } from "./prepare.ts";

export const outsideOf = ({ corpus, scenario: { plan } }: Pick<Prepared, "corpus" | "scenario">, devices: number): Outside[] => findOutside(corpus?.domain, { devices, samplesPerDevice: plan.samplesPerDevice * plan.accumulation });

/** Standard deviation of the logarithm of step time at known parameters; 0 where no fit informs the scenario, whose inputs then stand for it. */
export const openSpread = (base: Pick<Prepared, "corpus" | "scenario">, devices: number): number => (base.corpus === undefined ? 0 : base.corpus.noise * widening(outsideOf(base, devices)));

/** The events engine: flows and exchanges over a network, with contention. */
export { carriedBytes, simulateExchange } from "./exchange.ts";
export { simulateFlows, type Flows } from "./flows.ts";
export type { ExchangeOptions, ExchangeResult, FlowOptions, FlowResult, LinkLoads } from "./options.ts";
export { SimulationStopped, SimulationTooLong } from "./pulse.ts";

/**
 * What one operation costs on one machine: the place where compute, memory, network and io meet. Both interpreters call this and differ only in scheduling
 * and sharing.
 */
export { costAllReduce, costAtScale, exchangedBytes, inputAt, inputQueueAt, inputWaitAt, memorySharingAt, networkAt, productSharingAt, serverFloorAt, sharedRatesAt } from "./at-scale.ts";
export { costLocal } from "./local.ts";
export { tableError } from "./measured.ts";
export { convolutionShape } from "./shape.ts";
export type { GivenTimes, HostTransfer, KernelModel, LocalCosts, LocalSums, Resources } from "./types.ts";

/** Communication libraries: what each runs, and what that takes. */
export type { ChosenAlgorithm, CollectiveLibrary, GroupShape, LibraryChoice, LibraryOperation, LibrarySetting, Protocol } from "./types.ts";
export { defaultSetting } from "./types.ts";
export { collectiveLibraries, findLibrary, type LibraryId } from "./libraries.ts";
export { collectiveOf } from "./collective-of.ts";
export { timedByProtocol, tuningAcross, type ProtocolLibraryId } from "./protocols.ts";
export { timeOfCollective, type StackParameters } from "./protocol-time.ts";
export { allReduceOf, collectiveTerms, collectiveTime, largeAllReduceOf, type CollectiveKind, type CollectiveTerms, type CollectiveTiming, type ProtocolTiming } from "./collective-time.ts";

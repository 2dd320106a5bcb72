/** The communication libraries whose choices are known, by id. */
import { gloo } from "./gloo.ts";
import { horovodHierarchical } from "./horovod.ts";
import { nccl } from "./nccl.ts";
import { oneCcl } from "./one-ccl.ts";
import { openMpiTuned } from "./open-mpi.ts";
import { rccl } from "./rccl.ts";
import type { CollectiveLibrary } from "./types.ts";

export type { ChosenAlgorithm, CollectiveLibrary, GroupShape, LibraryChoice, LibraryOperation, LibrarySetting, Protocol } from "./types.ts";
export { defaultSetting } from "./types.ts";
export { collectiveOf } from "./collective-of.ts";
export { timeOfCollective, type StackParameters } from "./protocol-time.ts";

export const collectiveLibraries: readonly CollectiveLibrary[] = [nccl, rccl, openMpiTuned, oneCcl, gloo, horovodHierarchical];

export const findLibrary = (id: string): CollectiveLibrary | undefined => collectiveLibraries.find((library) => library.id === id);

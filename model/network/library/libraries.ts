/** The communication libraries whose choices are known, by id. */
import type { CollectiveLibraryId } from "../../schema/stack-collective.ts";
import { gloo } from "./gloo.ts";
import { horovodHierarchical } from "./horovod.ts";
import { nccl } from "./nccl.ts";
import { oneCcl } from "./one-ccl.ts";
import { openMpiTuned } from "./open-mpi.ts";
import { rccl } from "./rccl.ts";
import type { CollectiveLibrary } from "./types.ts";

export type LibraryId = CollectiveLibraryId;

const byId: Readonly<Record<LibraryId, CollectiveLibrary>> = { nccl, rccl, "open-mpi-tuned": openMpiTuned, oneccl: oneCcl, gloo, "horovod-hierarchical": horovodHierarchical };

export const collectiveLibraries: readonly CollectiveLibrary[] = Object.values(byId);

export const findLibrary = (id: LibraryId): CollectiveLibrary => byId[id];

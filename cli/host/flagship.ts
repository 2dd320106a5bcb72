/** The runs that stand for the project: what `serve --table` and the page show first. Those that a scenarios folder lacks are left out. */
import type { Library } from "../../model/scenario.ts";

const flagshipRuns = ["summit-deeplabv3plus-fp16-2018", "summit-deeplabv3plus-fp32-2018", "piz-daint-tiramisu-2018"] as const;

export const flagshipIn = (library: Library): string[] => flagshipRuns.filter((run) => Object.hasOwn(library.documents.run, run));

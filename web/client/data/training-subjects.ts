/** Workloads that are transformers, by what their documents say. Apart from the model, so that the page's own thread does not load it. */
import type { Library } from "../../../model/scenario.ts";

export const transformersOf = (library: Library): string[] => Object.entries(library.documents.workload).filter(([, document]) => (document as { family?: unknown }).family === "transformer").map(([id]) => id);

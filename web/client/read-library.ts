/** The scenarios, asked of the server once. */
import type { Problem } from "../../model/problems.ts";
import type { Library } from "../../model/scenario.ts";

export type ReadLibrary = { library: Library; problems?: undefined } | { library?: undefined; problems: readonly Problem[] };

export async function readLibrary(): Promise<ReadLibrary> {
  try {
    const response = await fetch("/api/library");
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return { library: (await response.json()) as Library };
  } catch (error) {
    return { problems: [{ code: "no-library", path: "/api/library", got: error instanceof Error ? error.message : String(error), expected: "the scenarios", hint: "is the server of exatwin still running? Then load the page again" }] };
  }
}

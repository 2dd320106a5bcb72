/** Raw documents of the scenarios folder that no scenario names, with their names; broken files are reported and left out, as in library.ts. */
import { join } from "node:path";
import type { Problem } from "../../model/problems.ts";
import { shelvedFolders, type ShelvedKind } from "../../model/schema/index.ts";
import { jsonFiles } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export interface ShelvedDocument {
  readonly kind: ShelvedKind;
  readonly id: string;
  readonly name: string;
  readonly value: unknown;
}

export function readShelf(scenarios: string, kinds: readonly ShelvedKind[]): { readonly documents: readonly ShelvedDocument[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const documents = kinds.flatMap((kind) =>
    jsonFiles(join(scenarios, shelvedFolders[kind])).flatMap((file): ShelvedDocument[] => {
      const id = file.slice(0, -".json".length);
      const name = `${shelvedFolders[kind]}/${id}`;
      const read = readJsonFile(join(scenarios, shelvedFolders[kind], file), name);
      problems.push(...read.problems);
      if (read.problems.length > 0) return [];
      const written = (read.value as { id?: unknown } | null)?.id;
      if (typeof written === "string" && written !== id) problems.push({ code: "wrong-id", path: `${name}: id`, got: JSON.stringify(written), expected: `"${id}", the name of the file without .json` });
      return [{ kind, id, name, value: read.value }];
    }),
  );
  return { documents, problems };
}

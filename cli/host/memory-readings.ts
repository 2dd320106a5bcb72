/** Reads scenarios/memory-readings with the memory documents that they name; every problem of any file at once. */
import { join } from "node:path";
import { unknownName, type Problem } from "../../model/problems.ts";
import type { MemoryDocument } from "../../model/schema/memory.ts";
import type { MemoryReadings } from "../../model/schema/memory-readings.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { DocumentKind, DocumentOf } from "../../model/schema/index.ts";
import { jsonFiles } from "./library.ts";
import { readJsonFile } from "./read-json.ts";

export interface ReadMemoryReadings {
  readonly readings: readonly MemoryReadings[];
  readonly memories: Readonly<Record<string, MemoryDocument>>;
  readonly problems: readonly Problem[];
}

export function readMemoryReadings(scenarios: string): ReadMemoryReadings {
  const problems: Problem[] = [];
  const read = <K extends DocumentKind>(kind: K, folder: string): DocumentOf<K>[] =>
    jsonFiles(join(scenarios, folder)).flatMap((file): DocumentOf<K>[] => {
      const name = `${folder}/${file.slice(0, -".json".length)}`;
      const { value, problems: unread } = readJsonFile(join(scenarios, folder, file), name);
      if (unread.length > 0) {
        problems.push(...unread);
        return [];
      }
      const parsed = parseDocument(kind, value, name);
      problems.push(...parsed.problems);
      return parsed.document ? [parsed.document] : [];
    });
  const memories = Object.fromEntries(read("memory", "memory").map((document) => [document.id, document]));
  const readings = read("memory-readings", "memory-readings");
  for (const { id, memory, models, groups } of readings) {
    const need = (path: string, kind: string, name: string, known: readonly string[]): void => {
      if (!known.includes(name)) problems.push(unknownName(`memory-readings/${id}: ${path}`, kind, name, known));
    };
    need("memory", "memory document", memory, Object.keys(memories));
    groups.forEach((group, index) => {
      need(`groups[${index}].model`, "model of this document", group.model, Object.keys(models));
      if (group.memory !== undefined) need(`groups[${index}].memory`, "memory document", group.memory, Object.keys(memories));
    });
  }
  return { readings, memories, problems };
}

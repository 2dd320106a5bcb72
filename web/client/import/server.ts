/** What the page asks the server for: whether it keeps files, and to keep one. A refusal is a list of problems, as everywhere. */
import type { Problem } from "../../../model/problems.ts";
import type { ImportAnswer, ImportsAnswer } from "../../shared/import-api.ts";

export async function askServer(): Promise<ImportsAnswer | null> {
  try {
    const response = await fetch("/api/imports");
    return response.ok ? ((await response.json()) as ImportsAnswer) : null;
  } catch {
    return null;
  }
}

export async function saveToStore(file: File, label: string): Promise<ImportAnswer | readonly Problem[]> {
  const query = new URLSearchParams({ name: file.name, ...(label === "" ? {} : { as: label }) });
  try {
    const response = await fetch(`/api/imports?${query.toString()}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
    const body = (await response.json()) as ImportAnswer & { problems?: readonly Problem[] };
    if (response.ok) return body;
    return Array.isArray(body.problems) ? (body.problems as readonly Problem[]) : [{ code: "refused", path: file.name, got: `status ${response.status}`, expected: "an answer" }];
  } catch (error) {
    return [{ code: "no-answer", path: file.name, got: error instanceof Error ? error.message : String(error), expected: "an answer", hint: "is the server of exatwin still running?" }];
  }
}

/// <reference lib="webworker" />
/** Reads dropped files off the page's thread, one after the other, with the readers of the command line. Nothing leaves the machine here. */
import type { ImportedRow } from "../../../calibrate/readers/index.ts";
import type { Problem } from "../../../model/problems.ts";
import { collectPicture } from "../data/import-picture.ts";
import type { ImportAnswer, ImportReport, ImportRequest } from "./protocol.ts";
import { hashOf, openFile, readFile, type OpenedFile } from "./read-file.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const answer = (message: ImportAnswer) => scope.postMessage(message);
const mostPreviewed = 1000;
/** Between two reports of progress. */
const pause_ms = 100;

let last: Promise<void> = Promise.resolve();
scope.addEventListener("message", ({ data }: MessageEvent<ImportRequest>) => {
  last = last.then(() => read(data)).catch((error: unknown) => answer({ type: "refused", id: data.id, problem: fault(data.file.name, error) }));
});

const fault = (name: string, error: unknown): Problem => ({ code: "fault", path: name, got: error instanceof Error ? error.message : String(error), expected: "rows or problems", hint: "this is a fault of the program: please report it with the file" });

async function read({ type, id, file }: ImportRequest): Promise<void> {
  const opened = await openFile(file);
  if (!("reader" in opened)) return answer({ type: "refused", id, problem: opened });
  if (type === "read") return answer({ type: "report", id, report: await report(id, opened) });
  const parts: string[] = [];
  const collected = await report(id, opened, (row) => void parts.push(`${parts.length === 0 ? "" : ","}\n${JSON.stringify(row)}`));
  const { preview: _, picture: _picture, elapsed_ms: _elapsed, rows: _rows, ...head } = collected;
  const json = new Blob([`{"file":${JSON.stringify(head)},\n"rows":[`, ...parts, "\n]}\n"], { type: "application/json" });
  answer({ type: "all", id, json });
}

async function report(id: number, opened: OpenedFile, each: (row: ImportedRow) => void = () => {}): Promise<ImportReport> {
  const { file, reader } = opened;
  const started = performance.now();
  const picture = collectPicture();
  const benchmarks: Record<string, number> = {};
  const marks: ImportReport["marks"] = {};
  const preview: ImportedRow[] = [];
  let rows = 0;
  let marked = 0;
  let told = started;
  const head = await readFile(opened, (row) => {
    rows++;
    benchmarks[row.benchmark] = (benchmarks[row.benchmark] ?? 0) + 1;
    if ((row.marks ?? []).length > 0) marked++;
    for (const mark of row.marks ?? []) marks[mark] = (marks[mark] ?? 0) + 1;
    if (preview.length < mostPreviewed) preview.push(row);
    picture.take(row);
    each(row);
  }, (share) => {
    const now = performance.now();
    if (now - told < pause_ms) return;
    told = now;
    answer({ type: "progress", id, share });
  });
  return { ...head, name: file.name, bytes: file.size, sha256: await hashOf(file), reader: reader.id, title: reader.title, rows, marked, benchmarks, marks, preview, picture: picture.end(), elapsed_ms: performance.now() - started };
}

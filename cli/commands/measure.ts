/** exatwin measure: trains the declared cells on this machine and writes what it measured as run documents, to compare predictions with. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { availableParallelism } from "node:os";
import { readMeasurements } from "../../calibrate/readers/measurement.ts";
import { InputError, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import type { TrainingCell } from "../../model/schema/training-cells.ts";
import { requireCount, type Call, type Command } from "../command.ts";
import { packageRoot, scenariosFolder } from "../host/root.ts";
import { readJsonFile } from "../host/read-json.ts";
import { readHost } from "../measure/host.ts";
import { MeasurementFile } from "../measure/measurement-file.ts";
import { findPython } from "../measure/programs.ts";
import { makeWeight } from "../measure/quiet.ts";
import { makeRunDocuments, type CellResult } from "../measure/run-documents.ts";
import { trainCells } from "../measure/training.ts";
import { writeTable } from "../text/table.ts";

const idPattern = /^[a-z0-9][a-z0-9.-]*$/;

export const measure: Command = {
  name: "measure",
  summary: "trains small networks on hosts made from this machine, as runs to compare predictions with",
  usage: ["measure [--cells FILE] [--id NAME] [--repeats N] [--seconds S] [--only CELL,...]", "measure --from FILE [--cells FILE] [--id NAME]"],
  description: "Each cell is one data-parallel training with PyTorch and Gloo: ranks are pinned to processors, hosts are network namespaces, links have a rate. Cells are declared beforehand, with those that may inform a prediction and those that are held out. Needs root, iproute2 and a Python with PyTorch. Run it on a machine that does nothing else.",
  options: {
    cells: { type: "string", value: "FILE", help: "the declared cells; native/pytorch/cells.json is the default" },
    id: { type: "string", value: "NAME", help: "the host, as calibrate named it; this-host is the default" },
    repeats: { type: "string", value: "N", help: "how often each cell runs; 2 is the default" },
    seconds: { type: "string", value: "S", help: "about how long steps of a cell are timed; 10 is the default" },
    only: { type: "string", value: "CELL,...", help: "these cells alone" },
    from: { type: "string", value: "FILE", help: "measures nothing: makes the run documents from measurements that are there" },
    resume: { type: "string", value: "FILE", help: "goes on with a measurement file" },
    python: { type: "string", value: "PROGRAM", help: "the Python that has PyTorch" },
    out: { type: "string", value: "DIR", help: "where documents are written; the scenarios folder is the default" },
    list: { type: "boolean", help: "prints the cells and measures nothing" },
  },
  examples: [
    { line: "measure --list", shows: "the declared cells, and which of them are held out" },
    { line: "measure --list --only gpt-b4-1g,unet-b8-1g", shows: "two of them" },
    { line: "measure --list --json", shows: "the cells with every setting" },
  ],
  async run(call) {
    requireCount(call, 0, 0);
    const problems: Problem[] = [];
    const cells = readCells(call, problems);
    const id = call.value("id") ?? "this-host";
    if (!idPattern.test(id)) problems.push(wrongValue("--id", id, "a name of lower-case letters, digits, dots and dashes"));
    const repeats = readNumber(call, "repeats", 2, problems);
    const seconds = readNumber(call, "seconds", 10, problems);
    if (problems.length > 0) throw new InputError(problems);
    if (call.flag("list")) return listCells(cells);
    const out = resolve(call.io.cwd, call.value("out") ?? scenariosFolder(call.io.cwd, call.value("scenarios"), call.io.env));
    const from = call.value("from");
    const { rows, file, failed } = from === undefined ? await train(call, cells, { id, repeats, seconds, out }) : { rows: readRows(resolve(call.io.cwd, from)), file: resolve(call.io.cwd, from), failed: [] };
    const results = resultsOf(rows, cells);
    const documents = makeRunDocuments(results, { host: id, title: titleOf(out, id), year: new Date().getFullYear(), source: "own-training-2026", shaped: `${id}-namespaces`, unshaped: `${id}-namespaces-unshaped` });
    const written = documents.map((document) => {
      const path = join(out, "runs", `${document.id}.json`);
      mkdirSync(join(out, "runs"), { recursive: true });
      writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
      return path;
    });
    return {
      json: { measurements: file, written, cells: new Set(results.map(({ cell }) => cell.id)).size, failed },
      notes: failed.map(({ path, got, expected }) => `left out ${path}: got ${got}, needed ${expected}`),
      text: () => [`${results.length} repeats of ${new Set(results.map(({ cell }) => cell.id)).size} cells in ${file}`, ...written.map((path) => `wrote ${path}`), `compare: exatwin validate ${documents.map((document) => document.id).join(" ")}`].join("\n"),
    };
  },
};

function readNumber(call: Call, name: string, otherwise: number, problems: Problem[]): number {
  const text = call.value(name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0 && value <= 1000) || (name === "repeats" && !Number.isInteger(value))) problems.push(wrongValue(`--${name}`, text, name === "repeats" ? "a whole number from 1 to 1000" : "seconds above zero, at most 1000"));
  return value;
}

function readCells(call: Call, problems: Problem[]): TrainingCell[] {
  const given = call.value("cells");
  const path = given === undefined ? join(packageRoot, "native", "pytorch", "cells.json") : resolve(call.io.cwd, given);
  const read = readJsonFile(path, given ?? "native/pytorch/cells.json");
  problems.push(...read.problems);
  if (read.problems.length > 0) return [];
  const parsed = parseDocument("training-cells", read.value, given ?? "native/pytorch/cells.json");
  problems.push(...parsed.problems);
  const cells = parsed.document?.cells ?? [];
  const only = call.value("only")?.split(",");
  for (const name of only ?? []) if (!cells.some((cell) => cell.id === name)) problems.push(unknownName("--only", "cell", name, cells.map((cell) => cell.id)));
  return cells.filter((cell) => only === undefined || only.includes(cell.id));
}

function listCells(cells: readonly TrainingCell[]) {
  return {
    json: cells,
    text: (look: Parameters<typeof writeTable>[1]) =>
      writeTable([
        { head: "cell", align: "left", cells: cells.map((cell) => cell.id) },
        { head: "network", align: "left", cells: cells.map((cell) => cell.workload) },
        { head: "ranks", align: "right", cells: cells.map((cell) => String(cell.ranks)) },
        { head: "batch", align: "right", cells: cells.map((cell) => String(cell.batch)) },
        { head: "link", align: "left", cells: cells.map((cell) => (cell.ranks > 1 ? cell.rate : "")) },
        { head: "bucket", align: "right", cells: cells.map((cell) => (cell.scheme === "ddp" ? cell.bucket : "")) },
        { head: "scheme", align: "left", cells: cells.map((cell) => cell.scheme) },
        { head: "loader", align: "left", cells: cells.map((cell) => (cell.loader === "none" ? "" : cell.loader)) },
        { head: "use", align: "left", cells: cells.map((cell) => cell.use) },
      ], look),
  };
}

interface Settings {
  readonly id: string;
  readonly repeats: number;
  readonly seconds: number;
  readonly out: string;
}

async function train(call: Call, cells: readonly TrainingCell[], { id, repeats, seconds, out }: Settings): Promise<{ rows: readonly MeasurementRow[]; file: string; failed: Problem[] }> {
  const { library } = call.load();
  const python = findPython(call.value("python"), call.io.env);
  if (python === undefined) throw new InputError([{ code: "missing-program", path: "--python", got: "no Python with PyTorch", expected: "a Python that can import torch", hint: "Debian: apt-get install python3-torch" }]);
  const networks = new Map(Object.entries(library.documents.workload).map(([name, document]) => [name, document as { family: string; options: Record<string, unknown> }]));
  const now = new Date().toISOString();
  const resume = call.value("resume");
  const record = resume === undefined
    ? MeasurementFile.begin(join(out, "measurements"), `${id}-training-${now.slice(0, 10)}`, { schema: "exatwin-measurement/1", title: `Training steps on hosts made from ${id}`, date: now, host: readHost({ name: id, python, env: call.io.env }), command: `exatwin measure --id ${id} --repeats ${repeats} --seconds ${seconds}` })
    : MeasurementFile.resume(resolve(call.io.cwd, resume), []).record;
  const say = (line: string) => void call.io.stderr.write(`${line}\n`);
  const weight = makeWeight();
  const failed: Problem[] = [];
  const start = performance.now();
  try {
    await trainCells({
      cells, networks, repeats, seconds, python, cores: availableParallelism(), weight, env: call.io.env, stop: call.io.stop, say,
      has: (cell, repeat) => record.rows.some((row) => row.case["cell"] === cell.id && row.case["repeat"] === repeat),
      onRow: (row, cell, repeat) => {
        record.add(row);
        say(`${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s  ${repeat}/${repeats}  ${cell.id.padEnd(36)} ${(row.time_s.median * 1e3).toFixed(1)} ms, p90 ${(row.time_s.p90 * 1e3).toFixed(1)} ms, ${row.count} steps${row.quiet ? "" : ", not quiet"}`);
      },
      onProblem: (cell, problem) => {
        failed.push(problem);
        say(`left out ${cell.id}: got ${problem.got}, needed ${problem.expected}`);
      },
    });
  } finally {
    weight.close();
  }
  return { rows: record.rows, file: record.file, failed };
}

function readRows(path: string): readonly MeasurementRow[] {
  const { measurements, problems } = readMeasurements(readFileSync(path, "utf8"), basename(path));
  if (measurements === undefined) throw new InputError(problems);
  return measurements.rows;
}

function resultsOf(rows: readonly MeasurementRow[], cells: readonly TrainingCell[]): CellResult[] {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  return rows.flatMap((row) => {
    const cell = row.benchmark === "train-step" ? byId.get(String(row.case["cell"])) : undefined;
    return cell ? [{ cell, median_s: row.time_s.median, steps: row.count, quiet: row.quiet }] : [];
  });
}

function titleOf(out: string, id: string): string {
  const read = readJsonFile(join(out, "machines", `${id}.json`), id);
  const title = (read.value as { title?: unknown } | undefined)?.title;
  return typeof title === "string" ? title : id;
}

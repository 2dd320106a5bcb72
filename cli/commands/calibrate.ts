/** exatwin calibrate: measures this host and fits what predictions need of it, or fits stored measurements alone. */
import { join, relative, resolve } from "node:path";
import { InputError, unknownName, wrongValue, type Problem } from "../../model/problems.ts";
import { requireCount, type Answer, type Call, type Command } from "../command.ts";
import { scenariosFolder } from "../host/root.ts";
import { findAll, quietByPart } from "../measure/findings.ts";
import { fitSources, readSources } from "../measure/fit-host.ts";
import { measureHost } from "../measure/measure-host.ts";
import { estimateOf, isIn, parts, suite, type Entry, type Mode } from "../measure/suite.ts";
import { writeDocuments } from "../measure/write-documents.ts";
import { writeCalibration, writeSuite, type CalibrationAnswer } from "../text/calibration.ts";

const names = [...parts, ...suite.map(({ id }) => id)];

export const calibrate: Command = {
  name: "calibrate",
  summary: "measures this machine and makes documents of it that predictions use",
  usage: ["calibrate [--quick] [--id NAME] [--only PART,...] [--skip PART,...]", "calibrate --resume", "calibrate --from FILE..."],
  description: "Runs the native microbenchmarks, the collectives over links shaped by network namespaces (as root) and the operations of PyTorch, one after another; close other programs first. Without --quick it takes up to 15 minutes, and intervals are narrower. Rows are written as they come: Ctrl-C ends it, --resume goes on. Then it fits and writes a calibration, a device (one core) and machines. What cannot be measured here is named with what that does to predictions.",
  options: {
    quick: { type: "boolean", help: "under 90 seconds in all, with wider intervals" },
    tiny: { type: "boolean", help: "the fewest cases, for tests of the suite itself" },
    id: { type: "string", value: "NAME", help: "the name of the documents (default this-host, whose files git ignores)" },
    only: { type: "string", value: "PART,...", help: `only these parts or benchmarks; parts are ${parts.join(", ")}` },
    skip: { type: "string", value: "PART,...", help: "all but these parts or benchmarks" },
    list: { type: "boolean", help: "print the suite with estimates and measure nothing" },
    resume: { type: "boolean", help: "go on with the newest measurements of that name" },
    from: { type: "string", multiple: true, value: "FILE", help: "fit these stored measurements and measure nothing; repeatable" },
    out: { type: "string", value: "DIR", help: "where documents are written (default: the folder of the scenarios)" },
    programs: { type: "string", value: "DIR", help: "where native/ was built (default: built when needed, in .cache/native)" },
    python: { type: "string", value: "PROGRAM", help: "a Python that has PyTorch" },
    progress: { type: "boolean", help: "tell progress as JSON lines on standard error, for another program" },
    storage: { type: "string", value: "DIR", help: "a folder on the disk to measure (default: .cache of the package)" },
  },
  examples: [
    { line: "calibrate --list", shows: "what is measured, how long it takes, what its absence costs" },
    { line: "calibrate --list --quick --only net", shows: "the network part of a quick run" },
    { line: "calibrate --list --skip torch,net --json", shows: "a part of the suite as JSON" },
  ],
  async run(call) {
    const chosen = readOptions(call);
    if (call.flag("list")) return list(chosen.entries, chosen.mode);
    const out = resolve(call.io.cwd, call.value("out") ?? scenariosFolder(call.io.cwd, call.value("scenarios"), call.io.env));
    const from = [...call.values("from"), ...call.positionals];
    const measured = from.length > 0 ? undefined : await measureHost({
      ...chosen,
      folder: join(out, "measurements"),
      resume: call.flag("resume"),
      programs: call.value("programs"),
      python: call.value("python"),
      storage: call.value("storage"),
      progress: call.flag("progress"),
      command: ["exatwin calibrate", chosen.mode === "full" ? "" : `--${chosen.mode}`, ...["only", "skip"].map((name) => (call.value(name) === undefined ? "" : `--${name} ${call.value(name)}`))].filter(Boolean).join(" "),
    }, call.io, new Date());
    return answer(call, chosen, out, measured ? [measured.file] : from, measured?.notes ?? []);
  },
};

interface Chosen {
  readonly id: string;
  readonly mode: Mode;
  readonly entries: readonly Entry[];
}

function readOptions(call: Call): Chosen {
  const problems: Problem[] = [];
  const from = call.values("from").length > 0;
  if (!from) requireCount(call, 0, 0);
  if (call.flag("quick") && call.flag("tiny")) problems.push({ code: "conflict", path: "--tiny", got: "both --quick and --tiny", expected: "one of them" });
  if (from) {
    for (const name of ["quick", "tiny", "resume", "list", "only", "skip", "programs", "python", "storage", "progress"]) {
      if (call.flag(name) || call.value(name) !== undefined) problems.push({ code: "conflict", path: `--${name}`, got: `--${name} beside --from, which measures nothing`, expected: "one of them" });
    }
  }
  const id = call.value("id") ?? "this-host";
  if (!/^[a-z0-9][a-z0-9.-]{0,60}$/.test(id)) problems.push(wrongValue("--id", id, "a name of lower-case letters, digits, dots and dashes, such as this-host"));
  const mode: Mode = call.flag("tiny") ? "tiny" : call.flag("quick") ? "quick" : "full";
  const [only, skip] = ["only", "skip"].map((option) => readNames(option, call.value(option), problems));
  const isNamed = (entry: Entry, list: readonly string[] | undefined) => list?.some((name) => name === entry.part || name === entry.id) ?? false;
  const entries = suite.filter((entry) => isIn(entry, mode) && (only === undefined || isNamed(entry, only)) && !isNamed(entry, skip));
  if (problems.length === 0 && entries.length === 0) problems.push({ code: "nothing-left", path: only === undefined ? "--skip" : "--only", got: "names that leave nothing to measure", expected: "at least one benchmark", hint: mode === "full" ? "--list shows them" : `some are left out with --${mode}; --list shows which` });
  if (problems.length > 0) throw new InputError(problems);
  return { id, mode, entries };
}

function readNames(option: string, text: string | undefined, problems: Problem[]): string[] | undefined {
  const list = text?.split(",").map((name) => name.trim()).filter(Boolean);
  for (const name of list ?? []) {
    if (!names.includes(name)) problems.push(unknownName(`--${option}`, "part or benchmark", name, names));
  }
  return list;
}

function list(entries: readonly Entry[], mode: Mode): Answer {
  const rows = entries.map((entry) => ({ id: entry.id, part: entry.part, program: entry.program, benchmarks: entry.benchmarks, link: entry.link ?? null, estimate_s: estimateOf(entry, mode), effect: entry.effect }));
  return { json: { mode, estimate_s: rows.reduce((sum, row) => sum + row.estimate_s, 0), suite: rows }, text: (look) => writeSuite(rows, look) };
}

function answer(call: Call, { id, mode }: Chosen, out: string, files: readonly string[], notes: readonly string[]): Answer {
  const sources = readSources(files, call.io.cwd, out);
  const fitted = fitSources(id, sources, notes);
  if (fitted.rows.length === 0) throw new InputError(nothingMeasured(fitted.skipped.map(({ reason }) => reason), files));
  const written = writeDocuments(out, fitted.documents);
  const json: CalibrationAnswer = {
    id,
    mode: sources[0]?.measurements.header.mode ?? mode,
    measurements: sources.map(({ name, sha256, measurements }) => ({ file: name, sha256, rows: measurements.rows.length })),
    parts: quietByPart(fitted.rows),
    findings: findAll(fitted.rows, fitted.host.fits, fitted.host.host.cores),
    fits: fitted.host.fits.map(({ id: fit, model, residuals }) => ({ id: fit, model, ...residuals })),
    written: written.map((path) => (relative(call.io.cwd, path).startsWith("..") ? path : relative(call.io.cwd, path))),
    skipped: fitted.skipped,
    assumed: fitted.assumed,
    notes: fitted.notes,
    machines: fitted.documents.filter(({ kind }) => kind === "machine").map((document) => document.id),
  };
  return { json, text: (look) => writeCalibration(json, look), notes: fitted.notes };
}

function nothingMeasured(reasons: readonly string[], files: readonly string[]): Problem[] {
  const first = { code: "nothing-measured", path: files.join(", "), got: "not one row", expected: "at least one benchmark that could run" };
  return [first, ...[...new Set(reasons)].slice(0, 10).map((reason) => ({ code: "nothing-measured", path: "left out", got: reason, expected: "a benchmark that runs" }))];
}

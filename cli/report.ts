/** Writes answers, problems and faults. Results go to stdout and everything else to stderr; with --json the problems are the result. */
import type { Problem } from "../model/problems.ts";
import type { Answer } from "./command.ts";
import { requireFinite } from "./host/finite.ts";
import { writeCsv } from "./host/sheet.ts";
import type { Io } from "./io.ts";
import { bold, dim, lookOf, red, type Look } from "./text/look.ts";

export type Form = "text" | "json" | "csv";

export function writeAnswer(answer: Answer, form: Form, io: Io): void {
  requireFinite(answer.json, "the answer");
  const text = form === "json" ? showJson(answer.json) : form === "csv" && answer.csv ? writeCsv(answer.csv()) : `${answer.text(lookOf(io.stdout, io.env))}\n`;
  for (const note of answer.notes ?? []) writeNote(note, io);
  io.stdout.write(text);
}

export function writeNote(note: string, io: Io): void {
  io.stderr.write(`${dim(`note: ${note}`, lookOf(io.stderr, io.env))}\n`);
}

export function writeProblems(problems: readonly Problem[], form: Form, io: Io): void {
  if (form === "json") io.stdout.write(showJson({ problems }));
  else io.stderr.write(`${showProblems(problems, lookOf(io.stderr, io.env))}\n`);
}

export function writeFault(error: unknown, io: Io): void {
  const message = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  const isAsked = (io.env["EXATWIN_DEBUG"] ?? "") !== "";
  io.stderr.write(`exatwin: a fault of the program, not of your input: ${message}${isAsked ? "" : " (EXATWIN_DEBUG=1 shows where)"}\n`);
  if (isAsked && error instanceof Error) io.stderr.write(`${error.stack ?? ""}\n`);
}

export function showProblems(problems: readonly Problem[], look: Look): string {
  const parts = problems.map((problem) => [
    `${red("problem", look)} ${bold(printable(problem.path), look)}`,
    `  got       ${printable(problem.got)}`,
    `  expected  ${printable(problem.expected)}`,
    ...(problem.hint ? [`  hint      ${printable(problem.hint)}`] : []),
  ].join("\n"));
  return [...parts, problems.length === 1 ? "1 problem" : `${problems.length} problems`].join("\n");
}

/** Input is shown to a terminal: control characters in it must not act there. */
function printable(text: string): string {
  return text.replace(/\s/g, " ").replace(/\p{Cc}/gu, "\ufffd");
}

const showJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The command line. main() takes its arguments and its world, writes, and returns the exit code: 0 done, 1 a problem in the input, 2 our fault.
 * It never ends the process, so that what was written is flushed.
 */
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { InputError, unknownName } from "../model/problems.ts";
import { readArguments, withCommon } from "./arguments.ts";
import { Call, type Command } from "./command.ts";
import { commands } from "./commands/index.ts";
import { helpFor, overview } from "./help.ts";
import { version } from "./host/root.ts";
import { processIo, type Io } from "./io.ts";
import { writeAnswer, writeFault, writeNote, writeProblems, type Form } from "./report.ts";
import { lookOf } from "./text/look.ts";

export async function main(argv: readonly string[], io: Io): Promise<number> {
  const form = formOf(argv);
  try {
    return await dispatch(argv, io, form);
  } catch (error) {
    if (error instanceof InputError) {
      writeProblems(error.problems, form, io);
      return 1;
    }
    writeFault(error, io);
    return 2;
  }
}

async function dispatch(argv: readonly string[], io: Io, form: Form): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    const named = rest.find((name) => !name.startsWith("-"));
    io.stdout.write(`${named === undefined ? overview(commands, lookOf(io.stdout, io.env)) : helpFor(findCommand(named), lookOf(io.stdout, io.env))}\n`);
    return 0;
  }
  if (first === "--version" || first === "-v") {
    io.stdout.write(`${version}\n`);
    return 0;
  }
  const command = findCommand(first);
  const { given, problems } = readArguments(rest, withCommon(command.options));
  if (given.flags.has("help")) {
    io.stdout.write(`${helpFor(command, lookOf(io.stdout, io.env))}\n`);
    return 0;
  }
  if (problems.length > 0) throw new InputError(problems);
  const call = new Call(command, given, io);
  try {
    const answer = await command.run(call);
    if (answer) writeAnswer(answer, form, io);
    return 0;
  } finally {
    for (const problem of call.leftOut()) writeNote(`left out ${problem.path}: ${problem.got}; exatwin check tells more`, io);
  }
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (!found) throw new InputError([unknownName("the command line", "verb", name, commands.map((command) => command.name))]);
  return found;
}

function formOf(argv: readonly string[]): Form {
  const end = argv.indexOf("--");
  const options = end < 0 ? argv : argv.slice(0, end);
  return options.includes("--json") ? "json" : options.includes("--csv") ? "csv" : "text";
}

/** Runs the command line of this process. A reader that closes the pipe early, as head does, is no fault. */
export async function runProcess(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  process.exitCode = await main(argv, processIo());
}

const started = process.argv[1];
if (started !== undefined && isThisFile(started)) await runProcess();

function isThisFile(path: string): boolean {
  try {
    return pathToFileURL(realpathSync(path)).href === import.meta.url;
  } catch {
    return false;
  }
}

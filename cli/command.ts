/** What a verb is: a name, what its help says, and a function from arguments to an answer. Writing the answer is not the verb's business. */
import { InputError, missingKey, type Problem } from "../model/problems.ts";
import type { Arguments, OptionTable } from "./arguments.ts";
import { scenariosFolder } from "./host/root.ts";
import { readLibrary, type LoadedLibrary } from "./host/library.ts";
import type { Sheet } from "./host/sheet.ts";
import type { Io } from "./io.ts";
import type { Look } from "./text/look.ts";

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Forms of the command line, without "exatwin". */
  readonly usage: readonly string[];
  /** What a reader needs beside the options, in a few sentences. */
  readonly description: string;
  readonly options: OptionTable;
  /** Command lines without "exatwin"; each is run as a test. */
  readonly examples: ReadonlyArray<{ readonly line: string; readonly shows: string }>;
  run(call: Call): Promise<Answer | undefined> | Answer | undefined;
}

/** One answer in the forms in which it can be asked for. */
export interface Answer {
  json: unknown;
  text: (look: Look) => string;
  csv?: () => Sheet;
  /** For standard error: what was assumed to answer at all. */
  notes?: readonly string[];
}

export class Call {
  readonly arguments: Arguments;
  readonly io: Io;
  readonly command: Command;
  private loaded: LoadedLibrary | undefined;

  constructor(command: Command, given: Arguments, io: Io) {
    this.command = command;
    this.arguments = given;
    this.io = io;
  }

  get positionals(): readonly string[] {
    return this.arguments.positionals;
  }

  flag(name: string): boolean {
    return this.arguments.flags.has(name);
  }

  value(name: string): string | undefined {
    return this.arguments.values.get(name)?.at(-1);
  }

  values(name: string): readonly string[] {
    return this.arguments.values.get(name) ?? [];
  }

  /** Documents that could not be read, where this command read the folder. */
  leftOut(): readonly Problem[] {
    return this.loaded?.problems ?? [];
  }

  /** The scenarios folder, read once. A folder that cannot be read at all ends the command. */
  load(): LoadedLibrary {
    this.loaded ??= readLibrary(scenariosFolder(this.io.cwd, this.value("scenarios"), this.io.env));
    const missing = this.loaded.problems.find((problem) => problem.code === "unreadable-file" && problem.path === this.loaded?.folder);
    if (missing) throw new InputError([missing]);
    return this.loaded;
  }
}

/** Between least and most positional arguments, or a problem that shows how the verb is used. */
export function countProblems(command: Command, positionals: readonly string[], least: number, most: number): Problem[] {
  const usage = command.usage.map((line) => `exatwin ${line}`).join(" or ");
  if (positionals.length < least) return [missingKey("the command line", usage)];
  const extra = positionals.slice(most);
  return extra.length === 0 ? [] : [{ code: "unexpected-argument", path: "the command line", got: `${extra.length} argument${extra.length > 1 ? "s" : ""} too many: ${extra.slice(0, 5).join(" ")}`, expected: usage }];
}

export function requireCount(call: Call, least: number, most: number): void {
  const problems = countProblems(call.command, call.positionals, least, most);
  if (problems.length > 0) throw new InputError(problems);
}

/** Where the programs of the suite are: native ones, built first where that is needed, and a Python with PyTorch. What is missing is missing with a reason. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { InputError } from "../../model/problems.ts";
import { packageRoot } from "../host/root.ts";
import { runTogether } from "./children.ts";
import { askProgram } from "./host.ts";

export interface Programs {
  readonly folder: string;
  /** Why the program cannot be run; undefined where it can. */
  lacks(program: string): string | undefined;
}

export interface Built {
  readonly built?: readonly string[];
  readonly missing?: ReadonlyArray<{ readonly benchmark: string; readonly reason: string }>;
}

export interface Builder {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  say(line: string): void;
}

/** Programs of a folder that the user names. */
export function programsIn(given: string, cwd: string): Programs {
  const folder = resolve(cwd, given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError([{ code: "unreadable-file", path: "--programs", got: `"${given}", which is no folder`, expected: "the folder in which native/ was built", hint: "without --programs they are built in .cache/native" }]);
  }
  return inFolder(folder);
}

const buildLimit_s = 900;

/** Builds native/ where sources, compiler or libraries changed. A build that fails takes all native programs away, and no more. */
export async function buildPrograms({ env, stop, say }: Builder): Promise<Programs> {
  const folder = join(packageRoot, ".cache", "native");
  const said: string[] = [];
  const build = { argv: [process.execPath, join(packageRoot, "cli", "setup", "run-native.mjs")], cwd: packageRoot, env };
  const onLine = (line: string) => {
    said.push(line);
    say(line);
  };
  const [end] = await runTogether([build], { onLine, stop, limit_s: buildLimit_s });
  if (end?.code === 0) return inFolder(folder);
  const reason = said.findLast((line) => line.trim() !== "") ?? end?.words ?? "";
  return { folder, lacks: () => `the native programs could not be built: ${reason || "no reason was given"}` };
}

function inFolder(folder: string): Programs {
  const { missing = [] } = readBuilt(folder);
  return {
    folder,
    lacks: (program) => {
      if (isExecutable(join(folder, program))) return undefined;
      return missing.find(({ benchmark }) => benchmark === program)?.reason ?? "there is no such program in the build";
    },
  };
}

function readBuilt(folder: string): Built {
  try {
    return JSON.parse(readFileSync(join(folder, "built.json"), "utf8")) as Built;
  } catch {
    return {};
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function findOnPath(name: string, env: Builder["env"]): string | undefined {
  return (env["PATH"] ?? "").split(delimiter).filter(Boolean).map((folder) => join(folder, name)).find(isExecutable);
}

/** Debian's PyTorch is seen by Debian's Python only, and the first Python on the path is often another. */
export function findPython(given: string | undefined, env: Builder["env"]): string | undefined {
  const candidates = given === undefined ? ["/usr/bin/python3", "python3"] : [given];
  return candidates.find((python) => askProgram(python, ["-c", "import torch; print(torch.__version__)"], env) !== "");
}

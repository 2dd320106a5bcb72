/** The oracle's program: compiled where SimGrid and a compiler are installed, asked through its standard input. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("simgrid/oracle.cpp", import.meta.url));
const folder = fileURLToPath(new URL("../../.cache/oracle", import.meta.url));

export function buildProgram(): { program: string } | { missing: string } {
  const program = `${folder}/oracle`;
  const compiler = process.env.CXX ?? "g++";
  mkdirSync(folder, { recursive: true });
  if (spawnSync(compiler, ["--version"]).status !== 0) return { missing: "There is no C++ compiler. Debian: apt-get install g++ libsimgrid-dev" };
  if (spawnSync(compiler, ["-E", "-x", "c++", "-"], { input: "#if !__has_include(<simgrid/s4u.hpp>)\n#error none\n#endif\n" }).status !== 0) return { missing: "SimGrid is not installed. Debian: apt-get install libsimgrid-dev" };
  run(compiler, ["-std=c++20", "-O2", "-Wall", "-Wextra", source, "-o", program, "-lsimgrid"], "");
  return { program };
}

export const runProgram = (program: string, input: string): string => run(program, [], input);

function run(command: string, words: readonly string[], input: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ended with ${status ?? error?.message}\n${stderr}`);
  return stdout;
}

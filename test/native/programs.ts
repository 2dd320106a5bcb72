/** The programs of native/ as they were built: which there are, in which folder their source stands, how each is started for a test. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { glooCommands, mpiCommandHere, mpiEnvironment } from "../../cli/measure/rank-commands.ts";
import { readBuilt, type Built } from "../../cli/setup/native.mjs";
import { root } from "../../cli/setup/root.mjs";

export const notBuilt = "native/ is not built: node cli/setup/run-native.mjs";
export const built: Built = readBuilt(root) ?? { built: [], checks: [], missing: [] };

const sources = readdirSync(join(root, "native"), { recursive: true, encoding: "utf8" });
export const programPath = (name: string): string => join(root, ".cache", "native", name);

/** "cpu", "memory", "io", "net", "gpu" or "checks". */
export function folderOf(name: string): string {
  const source = sources.find((path) => new RegExp(`^[\\w-]+/${name}\\.(cpp|cu)$`).test(path));
  if (source === undefined) throw new Error(`built.json names ${name}, of which native/ has no source`);
  return source.split("/")[0] ?? "";
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A test's machine may have fewer cores than ranks. */
const environment = { ...mpiEnvironment, OMPI_MCA_rmaps_base_oversubscribe: "1" };

function run(program: string, args: readonly string[], timeout_ms = 50_000): Promise<Ended> {
  return new Promise((resolve) => {
    const settings = { timeout: timeout_ms, maxBuffer: 2 ** 26, env: { ...process.env, ...environment } };
    execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, stdout, stderr: code === null ? `${error?.message}\n${stderr}` : stderr });
    });
  });
}

/** One process per rank; what rank 0 printed, and the first exit code that is not 0. */
async function runRanks(name: string, folder: string, args: readonly string[]): Promise<Ended> {
  const commands = glooCommands({ program: programPath(name), words: args, link: "loopback", store: folder, places: 2, cores: availableParallelism() });
  const ended = await Promise.all(commands.map(([program = "", ...words]) => run(program, words)));
  const [first] = ended;
  if (first === undefined) throw new Error("no rank ran");
  return { ...first, code: ended.find(({ code }) => code !== 0)?.code ?? first.code, stderr: ended.map(({ stderr }) => stderr).join("") };
}

const isMpi = (name: string): boolean => folderOf(name) === "net" && !name.startsWith("gloo-");

/** Runs a program as its folder asks for, with the arguments behind what the folder needs. */
export async function start(name: string, args: readonly string[]): Promise<Ended> {
  if (folderOf(name) === "cpu" || folderOf(name) === "memory" || folderOf(name) === "gpu") return run(programPath(name), args);
  if (isMpi(name)) {
    const [launcher = "", ...words] = mpiCommandHere(2, "shared-memory", [programPath(name), ...(name.startsWith("mpi-") ? ["--link", "shared-memory"] : []), ...args]);
    return run(launcher, words);
  }
  const folder = mkdtempSync(join(tmpdir(), "exatwin-native-"));
  try {
    if (folderOf(name) === "net") return await runRanks(name, folder, args);
    const ended = await run(programPath(name), ["--folder", folder, "--most-bytes", String(2 ** 22), ...args]);
    const left = readdirSync(folder);
    return left.length === 0 ? ended : { ...ended, code: null, stderr: `${ended.stderr}left behind: ${left.join(", ")}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The program alone, as a check or to see what it says to a wrong argument: neither needs a second rank. */
export const startAlone = (name: string, args: readonly string[]): Promise<Ended> => run(programPath(name), args);

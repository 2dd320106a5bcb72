// Builds native/ with CMake into .cache/native. What a machine lacks is left out by name: CMake writes it to built.json,
// and this step repeats it. Skipped when sources, compilers and libraries are what they were.
// Part of npm test and of `exatwin calibrate`; npm start does without.
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { runProgram } from "./child.mjs";
import { describeChosenCompiler, ensureNativePackages, findProgram, findWitness, machine, nativePackages } from "./native-packages.mjs";
import { isStampFresh, listFiles, takeKeys, writeStamp } from "./stamp.mjs";
import { StepError } from "./step.mjs";

const variables = ["CXX", "CXXFLAGS", "LDFLAGS", "CUDACXX", "CUDAFLAGS", "CPATH", "CMAKE_PREFIX_PATH", "EXATWIN_CUDA_LIBRARIES"];
const isSource = (path) => /(\.(cpp|hpp|cu|cuh|cmake)|CMakeLists\.txt)$/.test(path);
const listSources = (root) => listFiles(root, ["native"], isSource);
const buildFolder = (root) => join(root, ".cache", "native");

const describeFile = (path) => {
  if (path === undefined) return "none";
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
};

/** Everything outside native/ that a build depends on, as one text. */
function describeTools(root) {
  const found = nativePackages.map((entry) => `${entry.name}: ${describeFile(findWitness(entry))}`);
  const cuda = `nvcc: ${describeFile(findProgram([process.env.CUDACXX ?? "nvcc"]))}`;
  return [root, ...found, cuda, ...variables.map((name) => `${name}=${process.env[name] ?? ""}`)].join("\n");
}

/** What CMake wrote: {built: [names], checks: [names], missing: [{benchmark, reason}]}; undefined before the first build. */
export function readBuilt(root) {
  const path = join(buildFolder(root), "built.json");
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new StepError(`${path} is not what CMake writes: ${error.message}. Delete the folder ${buildFolder(root)} and run this again.`);
  }
}

/** True when every program that built.json names is there and made from what is there. */
export function isNativeFresh(root) {
  const built = readBuilt(root);
  if (built === undefined) return false;
  if ([...built.built, ...(built.checks ?? [])].some((name) => !existsSync(join(buildFolder(root), name)))) return false;
  return isStampFresh(root, "native", listSources(root), describeTools(root));
}

/** One reason, then the benchmarks it keeps away. */
export function describeBuilt({ built, missing }) {
  const byReason = new Map();
  for (const { benchmark, reason } of missing) byReason.set(reason, [...(byReason.get(reason) ?? []), benchmark]);
  const left = [...byReason].map(([reason, names]) => `left out ${names.join(", ")}: ${reason}`);
  return [`${built.length} benchmarks`, ...left].join("; ");
}

async function runCmake(root, args, what) {
  const result = await runProgram("cmake", args, { cwd: root });
  if (result.missing) throw new StepError("cmake is gone.", result.output);
  if (result.code !== 0) throw new StepError(`${what} Its words are above.`, result.output);
}

async function build(root) {
  const folder = buildFolder(root);
  const libraries = process.env.EXATWIN_CUDA_LIBRARIES;
  const settings = libraries ? [`-DEXATWIN_CUDA_LIBRARIES=${libraries}`] : [];
  // CMake remembers compilers and where libraries were; after any of them changed, what it remembers misleads.
  if (!isStampFresh(root, "native-tools", [], describeTools(root))) {
    for (const name of ["CMakeCache.txt", "CMakeFiles"]) rmSync(join(folder, name), { recursive: true, force: true });
  }
  await runCmake(root, ["-S", join(root, "native"), "-B", folder, ...settings], "CMake cannot set up native/.");
  writeStamp(root, "native-tools", takeKeys(root, [], describeTools(root)));
  await runCmake(root, ["--build", folder, "--parallel", String(availableParallelism())], "A native benchmark does not compile.");
}

/** The step, on a machine that tests may replace. */
export const makeNativeStep = (world = machine) => ({
  name: "native",
  async run({ root, announce }) {
    if (isNativeFresh(root)) return `${describeBuilt(readBuilt(root))}; nothing changed`;
    const refusal = describeChosenCompiler();
    if (refusal !== "") throw new StepError(refusal);
    const lacking = await ensureNativePackages(announce, world);
    if (lacking !== "") announce(lacking);
    announce("compiling");
    const keys = takeKeys(root, listSources(root), describeTools(root));
    await build(root);
    const built = readBuilt(root);
    if (built === undefined) throw new StepError("CMake ended without writing built.json.");
    writeStamp(root, "native", keys);
    return describeBuilt(built);
  },
});

export const native = makeNativeStep();

// What native/ takes from the system, by Debian package, and the way to get what is missing: root with apt-get installs it,
// anybody else is told the command. Without a compiler nothing can be built; without a library its benchmarks are left out
// by name (CMake says which). Leaves out: PyTorch and CUDA, which are too large to install unasked.
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProgram } from "./child.mjs";
import { StepError } from "./step.mjs";

/** A package is there when one of its programs is on PATH or its header is found. */
export const nativePackages = [
  { name: "g++", required: true, programs: ["c++", "g++", "clang++"], variable: "CXX" },
  { name: "cmake", required: true, programs: ["cmake"] },
  { name: "make", required: true, programs: ["make", "ninja"] },
  { name: "libdnnl-dev", header: "dnnl.h" },
  { name: "libopenblas-dev", header: "cblas.h" },
  { name: "liburing-dev", header: "liburing.h" },
  { name: "libopenmpi-dev", programs: ["mpicxx"] },
  { name: "openmpi-bin", programs: ["mpirun"] },
  { name: "libgloo-dev", header: "gloo/allreduce.h" },
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function findProgram(names, env = process.env) {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return names.flatMap((name) => (name.includes("/") ? [name] : folders.map((folder) => join(folder, name)))).find(isExecutable);
}

/** Debian keeps some headers in a folder named after processor and system. */
function listIncludeFolders(env) {
  const system = ["/usr/include", "/usr/local/include"];
  let ofProcessor = [];
  try {
    ofProcessor = readdirSync("/usr/include").filter((name) => name.endsWith("-linux-gnu")).map((name) => join("/usr/include", name));
  } catch {
    // No such folder: nothing is installed there.
  }
  const named = [env.CPATH, env.CPLUS_INCLUDE_PATH].flatMap((list) => (list ?? "").split(delimiter));
  const prefixes = (env.CMAKE_PREFIX_PATH ?? "").split(delimiter).filter(Boolean).map((prefix) => join(prefix, "include"));
  return [...named.filter(Boolean), ...prefixes, ...system, ...ofProcessor];
}

/** The file that shows that a package, or another maker's equal of it, is there; undefined when nothing does. */
export function findWitness({ programs, header, variable }, env = process.env) {
  if (programs !== undefined) {
    const chosen = env[variable ?? ""]?.split(" ")[0];
    return findProgram(chosen ? [chosen] : programs, env);
  }
  return listIncludeFolders(env).map((folder) => join(folder, header)).find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
}

/** A compiler that the user chose is never replaced by another: what is wrong with it, or "". */
export function describeChosenCompiler(env = process.env) {
  if (!env.CXX || findWitness(nativePackages[0], env) !== undefined) return "";
  return `CXX is set to ${env.CXX}, which is not a program that can be run.`;
}

const install = ["apt-get", "install", "--yes", "--no-install-recommends"];
const nameAll = (packages) => packages.map(({ name }) => name).join(" ");
export const commandFor = (packages) => `apt-get update && ${install.join(" ")} ${nameAll(packages)}`;

/** Returns "" or what apt-get printed when it failed. The list of packages is fetched only if the one at hand will not do. */
async function installPackages(packages) {
  const apt = ([program, ...args]) => runProgram(program, args, { cwd: "/", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  const words = [...install, ...packages.map(({ name }) => name)];
  if ((await apt(words)).code === 0) return "";
  const update = await apt(["apt-get", "update"]);
  const result = await apt(words);
  return result.code === 0 ? "" : update.output + result.output;
}

export const machine = {
  isMissing: (entry) => findWitness(entry) === undefined,
  canInstall: () => process.getuid?.() === 0 && findProgram(["apt-get"]) !== undefined,
  hasApt: () => findProgram(["apt-get"]) !== undefined,
  installPackages,
};

/** Those still missing after an installation of all at once failed are tried alone: one unknown name stops apt-get for all. */
async function installWhatCan(missing, world) {
  const failure = await world.installPackages(missing);
  if (failure === "") return "";
  for (const entry of missing) {
    if (missing.length > 1 && world.isMissing(entry)) await world.installPackages([entry]);
  }
  return failure;
}

/**
 * Installs what is missing where that is possible. Throws a StepError when a compiler, CMake or make stays missing. Returns
 * what to tell of libraries that stay missing, or "".
 */
export async function ensureNativePackages(announce, world = machine) {
  const missing = nativePackages.filter(world.isMissing);
  if (missing.length === 0) return "";
  let failure = "";
  if (world.canInstall()) {
    announce(`apt-get install ${nameAll(missing)}`);
    failure = await installWhatCan(missing, world);
  }
  const still = nativePackages.filter(world.isMissing);
  if (still.length === 0) return "";
  const way = world.hasApt() ? `As root: ${commandFor(still)}` : "Install them with your system's package manager (names as in Debian).";
  const tried = failure === "" ? "" : " The installation failed; apt-get's words are above.";
  if (still.some(({ required }) => required)) {
    throw new StepError(`The native benchmarks cannot be built without ${nameAll(still.filter(({ required }) => required))}.${tried} ${way}`, failure);
  }
  return `without ${nameAll(still)}.${tried === "" ? "" : " apt-get could not install them."} ${way}`;
}

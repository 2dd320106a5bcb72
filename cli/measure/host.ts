/**
 * Facts of this host that times depend on: processor, caches, instruction sets, memory, kernel, frequency governor, hypervisor, accelerators, compiler and
 * library versions. What the system does not tell is left out. The network name and the vendor's suffix of the kernel version are never read into a file.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { availableParallelism, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Host } from "../../model/schema/measurement.ts";

export interface HostQuestions {
  readonly name: string;
  /** A Python that has PyTorch, where there is one. */
  readonly python: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const cpuFolder = "/sys/devices/system/cpu/cpu0";

export function readHost({ name, python, env }: HostQuestions): Host {
  const ask = (program: string, ...words: string[]) => askProgram(program, words, env);
  const processor = readText("/proc/cpuinfo");
  const told = ask("lscpu");
  const flags = kernelFlags(processor);
  const siblings = countList(readText(join(cpuFolder, "topology/thread_siblings_list")));
  const governor = readText(join(cpuFolder, "cpufreq/scaling_governor")).trim();
  const hypervisor = /^Hypervisor vendor:\s*(.+)$/m.exec(told)?.[1];
  const compiler = ask(env["CXX"] || "c++", "--version").split("\n")[0] ?? "";
  const devices = ask("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader").split("\n").map((line) => line.trim()).filter(Boolean);
  const caches = readCaches();
  const libraries = readLibraries(ask, python);
  return {
    name,
    cpu: nameProcessor(processor, told),
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    kernel: `${type()} ${/^[\d.]*\d/.exec(release())?.[0] ?? ""}`.trim(),
    ...(siblings > 0 ? { threadsPerCore: siblings } : {}),
    ...(Object.keys(caches).length > 0 ? { caches } : {}),
    ...(flags.length > 0 ? { flags } : {}),
    ...(hypervisor === undefined ? {} : { hypervisor }),
    ...(governor === "" ? {} : { governor }),
    ...(devices.length > 0 ? { devices } : {}),
    ...(compiler === "" ? {} : { compiler }),
    ...(Object.keys(libraries).length > 0 ? { libraries } : {}),
  };
}

/** Family and model beside the name, because a guest is often told a name without them. */
export function nameProcessor(cpuinfo: string, lscpu: string): string {
  const value = (key: string) => new RegExp(`^${key}\\s*:\\s*(.+)$`, "m").exec(cpuinfo)?.[1]?.trim();
  const name = value("model name") ?? /^Model name:\s*(.+)$/m.exec(lscpu)?.[1]?.trim() ?? "unknown processor";
  const [family, model] = [value("cpu family"), value("model")];
  return family !== undefined && model !== undefined ? `${name} (family ${family}, model ${model})` : name;
}

const choosesKernels = /^(sse4_2|avx|avx2|fma|f16c|avx512\w*|avx_vnni|amx\w*|sve\w*|asimd\w*|bf16|i8mm)$/;

export function kernelFlags(cpuinfo: string): string[] {
  const line = /^(?:flags|Features)\s*:\s*(.+)$/m.exec(cpuinfo)?.[1] ?? "";
  return line.split(/\s+/).filter((flag) => choosesKernels.test(flag)).toSorted();
}

function readCaches(): NonNullable<Host["caches"]> {
  const sizes = listNames(join(cpuFolder, "cache")).filter((name) => /^index\d+$/.test(name)).map((name) => {
    const read = (file: string) => readText(join(cpuFolder, "cache", name, file)).trim();
    const [, number, unit] = /^(\d+)([KM]?)$/.exec(read("size")) ?? [];
    return { level: read("level"), type: read("type"), bytes: Number(number ?? 0) * ({ K: 2 ** 10, M: 2 ** 20 }[unit ?? ""] ?? 1) };
  });
  const find = (level: string) => sizes.find((size) => size.level === level && size.type !== "Instruction" && size.bytes > 0)?.bytes;
  const [l1d, l2, l3] = ["1", "2", "3"].map(find);
  return { ...(l1d === undefined ? {} : { l1d_bytes: l1d }), ...(l2 === undefined ? {} : { l2_bytes: l2 }), ...(l3 === undefined ? {} : { l3_bytes: l3 }) };
}

const debianPackages: Readonly<Record<string, string>> = { oneDNN: "libdnnl-dev", OpenBLAS: "libopenblas-dev", liburing: "liburing-dev", Gloo: "libgloo-dev" };

function readLibraries(ask: (program: string, ...words: string[]) => string, python: string | undefined): Record<string, string> {
  const libraries: Record<string, string> = {};
  const set = (name: string, version: string | undefined) => {
    if (version !== undefined && version.trim() !== "") libraries[name] = version.trim();
  };
  for (const [name, debian] of Object.entries(debianPackages)) set(name, ask("dpkg-query", "--show", "--showformat=${Version}", debian));
  set("MPI", ask("mpirun", "--version").split("\n")[0]?.replace(/^mpirun \((.*)\)/, "$1"));
  if (python !== undefined) set("PyTorch", ask(python, "-c", "import torch; print(torch.__version__)"));
  set("BLAS of the system", nameBlas());
  return libraries;
}

/** Which library stands behind libblas decides PyTorch's products by a factor of 25, and PyTorch does not tell. */
function nameBlas(): string | undefined {
  const link = listNames("/etc/alternatives").find((name) => name.startsWith("libblas.so.3"));
  try {
    return link === undefined ? undefined : realpathSync(join("/etc/alternatives", link)).split("/").slice(-2).join("/");
  } catch {
    return undefined;
  }
}

/** Standard output of a program, "" where it is missing or fails. */
export function askProgram(program: string, words: readonly string[], env: HostQuestions["env"], limit_s = 20): string {
  const { status, stdout } = spawnSync(program, [...words], { env: { ...env, LC_ALL: "C" }, encoding: "utf8", timeout: limit_s * 1000, stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? (stdout ?? "") : "";
}

/** "0-3,8" -> 5. */
function countList(text: string): number {
  return text.trim().split(",").filter(Boolean).reduce((sum, part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return sum + to - from + 1;
  }, 0);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

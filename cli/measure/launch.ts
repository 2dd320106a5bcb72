/**
 * Starts an entry of the suite: one program, ranks of MPI, ranks of Gloo over loopback or in network namespaces with shaped links, or a Python script.
 * Says beforehand what is missing for it.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../host/root.ts";
import { InputError } from "../../model/problems.ts";
import { runTogether, type Child, type ChildEnd, type Watch } from "./children.ts";
import { createHosts } from "./namespaces.ts";
import { findOnPath, type Programs } from "./programs.ts";
import type { Weight } from "./quiet.ts";
import { glooCommands, mpiCommandHere, mpiEnvironment, type GlooProgram } from "./rank-commands.ts";
import type { Entry, Mode } from "./suite.ts";

/** What the suite stands on. */
export interface Ground {
  readonly programs: Programs;
  readonly python: string | undefined;
  readonly cores: number;
  readonly hasGpu: boolean;
  /** A folder of this run on the disk that is measured. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly weight: Weight;
}

export type Launched = { readonly ends: readonly ChildEnd[] } | { readonly lacking: string };

const mebi = 2 ** 20;
const mostOnDisk: Readonly<Record<Mode, number>> = { tiny: 8 * mebi, quick: 256 * mebi, full: 1024 * mebi };
const leastOnDisk = 16 * mebi;

/** Why an entry cannot run here; undefined where nothing is known against it. */
export function findLacking({ program, launcher }: Entry, ground: Ground): string | undefined {
  if (launcher.kind === "python") return ground.python === undefined ? "no Python with PyTorch was found (Debian: python3-torch; --python names one)" : undefined;
  if (launcher.kind === "program" && launcher.needs === "gpu" && !ground.hasGpu) return "there is no NVIDIA GPU that nvidia-smi knows";
  const missing = ground.programs.lacks(program);
  if (missing !== undefined) return missing;
  if (launcher.kind === "program") return undefined;
  if (launcher.ranks > ground.cores) return `${launcher.ranks} ranks need a processor each, and there ${ground.cores === 1 ? "is" : "are"} ${ground.cores}`;
  if (launcher.kind === "mpi" && findOnPath("mpirun", ground.env) === undefined) return "there is no mpirun (Debian: openmpi-bin)";
  return undefined;
}

/** For an entry that lacks nothing known beforehand. */
export async function launch(entry: Entry, mode: Mode, ground: Ground, watch: Watch): Promise<Launched> {
  const { launcher } = entry;
  const words = entry.arguments[mode];
  const link = entry.link ?? "";
  const start = (commands: readonly (readonly string[])[], env: Readonly<Record<string, string>> = {}) =>
    runTogether(commands.map((argv): Child => ({ argv: ground.weight.wrap(argv), cwd: ground.scratch, env: { ...ground.env, ...env } })), watch);
  const program = join(ground.programs.folder, entry.program);
  switch (launcher.kind) {
    case "python":
      return { ends: await start([[ground.python ?? "", join(packageRoot, "native", entry.program), ...words]], { OMP_NUM_THREADS: "1" }) };
    case "program": {
      const threads = launcher.threads ? ["--threads", String(ground.cores)] : [];
      if (launcher.needs !== "disk") return { ends: await start([[program, ...words, ...threads]]) };
      const most = Math.min(mostOnDisk[mode], Math.floor(freeBytes(ground.scratch) / 4));
      if (most < leastOnDisk / 4) return { lacking: `the disk is nearly full: ${Math.floor((most * 4) / mebi)} MiB are free` };
      return withFolder(ground.scratch, "disk", async (folder) => ({ ends: await start([[program, ...words, "--folder", folder, "--most-bytes", String(most)]]) }));
    }
    case "mpi":
      return { ends: await start([mpiCommandHere(launcher.ranks, launcher.transport, [program, ...words, "--link", link])], mpiEnvironment) };
    case "gloo":
      return withFolder(ground.scratch, "ranks", (store) => launchGloo(launcher, { program, words, link, store, cores: ground.cores }, start));
  }
}

type Gloo = Extract<Entry["launcher"], { kind: "gloo" }>;
type Start = (commands: readonly (readonly string[])[]) => Promise<ChildEnd[]>;

async function launchGloo({ ranks, place }: Gloo, job: Omit<GlooProgram, "places">, start: Start): Promise<Launched> {
  if (place === "loopback") return { ends: await start(glooCommands({ ...job, places: ranks })) };
  try {
    const network = await createHosts({ hosts: ranks, rate_bit_per_s: place.rate_bit_per_s });
    try {
      return { ends: await start(glooCommands({ ...job, places: network.hosts })) };
    } finally {
      await network.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { lacking: error.problems.map(({ path, got, expected }) => `no ${path}: got ${got}, needed ${expected}`).join("; ") };
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

async function withFolder<T>(parent: string, name: string, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

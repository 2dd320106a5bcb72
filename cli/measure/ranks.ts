/**
 * Programs that run once per rank: what rank 0 wrote, or a problem that says which rank failed and how. When one rank fails, at the time limit, and when
 * the caller cancels, all ranks are ended. MPI programs have a launcher of their own: on one machine, or over hosts made from namespaces, which it
 * reaches by a script instead of a remote shell.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../model/problems.ts";
import { runTogether, type ChildEnd } from "./children.ts";
import type { HostNetwork, NetworkHost } from "./namespaces.ts";

export interface Ranks {
  /** One command per rank; rank 0's output is the result. */
  readonly commands: readonly (readonly string[])[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limit_s: number;
  readonly stop: AbortSignal;
  readonly onLine?: (line: string) => void;
}

export type RanksResult = { readonly lines: readonly string[]; readonly problems: readonly [] } | { readonly lines?: undefined; readonly problems: readonly Problem[] };

export async function runRanks({ commands, cwd, env, limit_s, stop, onLine }: Ranks): Promise<RanksResult> {
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    onLine?.(line);
  };
  const ends = await runTogether(commands.map((argv) => ({ argv, cwd, env })), { onLine: keep, stop, limit_s });
  const problems = ends.flatMap((end, rank) => explain(end, rank, commands[rank] ?? [], limit_s));
  // Ranks that were ended because another failed say nothing of their own.
  const [first] = problems.filter((_, index) => ends[index]?.by !== "another");
  const told = first ?? problems[0];
  return told === undefined ? { lines, problems: [] } : { problems: [told] };
}

function explain({ code, missing, by, words }: ChildEnd, rank: number, command: readonly string[], limit_s: number): Problem[] {
  if (code === 0) return [];
  const at = { code: "rank-failed", path: `rank ${rank}` };
  const said = words.split("\n").at(-1) ?? "";
  if (missing) return [{ ...at, got: `no program ${command[0] ?? ""}`, expected: "a program that is installed" }];
  if (by === "stop") return [{ ...at, code: "cancelled", got: "a request to stop", expected: "to be left to end by itself" }];
  if (by === "limit") return [{ ...at, got: `no end within ${limit_s} s`, expected: "an end in time", ...(said === "" ? {} : { hint: said }) }];
  const got = code === null ? "the end by a signal" : `exit code ${code}${code === 3 ? " (a wrong result)" : ""}`;
  return [{ ...at, got: said === "" ? got : `${got}: ${said}`, expected: "exit code 0" }];
}

export interface GlooProgram {
  readonly program: string;
  readonly words: readonly string[];
  readonly link: string;
  /** A new, empty folder through which the ranks find each other. */
  readonly store: string;
  /** One rank per host; or a number of ranks on this machine, over loopback. */
  readonly places: readonly NetworkHost[] | number;
  /** Processors to bind ranks to, in turn. */
  readonly cores: number;
}

export function glooCommands({ program, words, link, store, places, cores }: GlooProgram): string[][] {
  const size = typeof places === "number" ? places : places.length;
  return Array.from({ length: size }, (_, rank) => {
    const host = typeof places === "number" ? undefined : places[rank];
    const argv = [program, ...words, "--link", link, "--rank", String(rank), "--size", String(size), "--store", store, "--cpu", String(rank % cores), "--interface", host?.interface ?? "lo"];
    return host?.wrap(argv) ?? argv;
  });
}

/** Open MPI refuses root unless told twice. */
export const mpiEnvironment = { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1" };

/** Binding is left to the programs (--pin): the launcher takes each namespace for a machine and would put every rank on the first processor. */
const common = ["--bind-to", "none", "--mca", "pml", "ob1"];

export function mpiCommandHere(ranks: number, transport: "shared-memory" | "loopback", argv: readonly string[]): string[] {
  const ways = transport === "loopback" ? ["tcp,self", "--mca", "btl_tcp_if_include", "lo"] : ["vader,self"];
  return ["mpirun", "-np", String(ranks), ...common, "--mca", "btl", ...ways, ...argv];
}

export interface MpiOverHosts {
  /** One rank per host. The program is told --pin world: the hosts share this machine's processors. */
  readonly command: readonly string[];
  close(): void;
}

export function mpiOverHosts(network: HostNetwork, argv: readonly string[]): MpiOverHosts {
  const folder = mkdtempSync(join(tmpdir(), "exatwin-mpi-"));
  const agent = join(folder, "agent.sh");
  writeFileSync(agent, agentScript);
  chmodSync(agent, 0o700);
  const reach = ["--mca", "plm_rsh_agent", agent, "--mca", "plm_rsh_no_tree_spawn", "1", "--mca", "oob_tcp_if_include", network.subnet];
  const ways = ["--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", network.subnet];
  const hosts = network.hosts.map(({ name }) => `${name}:1`).join(",");
  return {
    command: network.center.wrap(["mpirun", "-np", String(network.hosts.length), "-H", hosts, "--map-by", "node", ...common, ...reach, ...ways, ...argv, "--pin", "world"]),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Called as a remote shell would be: host, then the words of a command line. The host gets its name, by which the launcher tells hosts apart. */
const agentScript = `#!/bin/sh
host=$1
shift
exec ip netns exec "$host" unshare --uts sh -c "hostname $host; $*"
`;

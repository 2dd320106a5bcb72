/**
 * The commands that start a program once per rank. Gloo: one command for each rank, on this machine or on hosts made from namespaces. MPI has a launcher of its
 * own: on this machine, or over such hosts, which it reaches by a script instead of a remote shell.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostNetwork, NetworkHost } from "./namespaces.ts";

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

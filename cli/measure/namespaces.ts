/**
 * Hosts made from network namespaces on one machine, with links of a given rate. They exist until `close()`, or until this process ends, whatever ends
 * it but a kill; what a killed process left is removed by the next. What forbids them here (no Linux, not root, no `ip` or `tc`, a kernel without token
 * buckets, a sandbox) is told as a problem.
 */
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { threadId } from "node:worker_threads";
import { InputError, wrongValue, type Problem } from "../../model/problems.ts";
import { undoAtEnd } from "./at-end.ts";
import { commandsToMake, commandsToRemove, hostInterface, mostHosts, namespacesOf, nameLink, onHost, ownerOf, planNetwork, subnet } from "./namespace-commands.ts";

export interface NetworkHost {
  readonly name: string;
  readonly address: string;
  readonly interface: string;
  /** argv of a program that runs on this host. */
  wrap(argv: readonly string[]): string[];
}

export interface HostNetwork {
  readonly hosts: readonly NetworkHost[];
  /** Where a launcher runs that must reach all hosts. */
  readonly center: NetworkHost;
  readonly subnet: string;
  /** Name of the links, for rows. */
  readonly link: string;
  /** Ends what still runs on the hosts and removes them. */
  close(): Promise<void>;
}

export interface NetworkWish {
  readonly hosts: number;
  /** Of each host, in each direction; null leaves the links unshaped. */
  readonly rate_bit_per_s: number | null;
}

const run = promisify(execFile);
let networks = 0;

/** Throws an InputError that says what forbids it. Whatever had been made by then is gone. */
export async function createHosts({ hosts, rate_bit_per_s }: NetworkWish): Promise<HostNetwork> {
  const problems = [
    ...(Number.isInteger(hosts) && hosts >= 1 && hosts <= mostHosts ? [] : [wrongValue("hosts", hosts, `a whole number from 1 to ${mostHosts}`)]),
    ...(rate_bit_per_s === null || (rate_bit_per_s >= 1e5 && rate_bit_per_s <= 1e12) ? [] : [wrongValue("rate_bit_per_s", rate_bit_per_s, "a rate from 1e5 to 1e12 bit/s, or null for links without a limit")]),
    ...staticProblems(),
  ];
  if (problems.length > 0) throw new InputError(problems);
  await removeLeftovers();
  const plan = planNetwork(hosts, rate_bit_per_s, process.pid, threadId * 1000 + networks++);
  const namespaces = namespacesOf(plan);
  const forget = undoAtEnd(() => removeNow(namespaces));
  const close = async () => {
    await remove(namespaces);
    forget();
  };
  for (const [program = "", ...words] of commandsToMake(plan)) {
    try {
      await run(program, words);
    } catch (error) {
      await close();
      throw new InputError([refused([program, ...words], error)]);
    }
  }
  const host = (name: string, address: string, device: string): NetworkHost => ({ name, address, interface: device, wrap: (argv) => onHost(name, argv) });
  return {
    hosts: plan.hosts.map(({ name, address }) => host(name, address, hostInterface)),
    center: host(plan.switchName, plan.switchAddress, "bridge0"),
    subnet,
    link: nameLink(rate_bit_per_s),
    close,
  };
}

/** Why hosts cannot be made here, found by making one; undefined where they can. */
export async function findWhyNot(): Promise<Problem | undefined> {
  try {
    const network = await createHosts({ hosts: 1, rate_bit_per_s: 1e9 });
    await network.close();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.problems[0];
    throw error;
  }
}

const path = "hosts from network namespaces";

function staticProblems(): Problem[] {
  if (process.platform !== "linux") return [{ code: "no-namespaces", path, got: `the operating system ${process.platform}`, expected: "Linux, which has network namespaces" }];
  if (process.geteuid?.() !== 0) return [{ code: "no-namespaces", path, got: "a user without the right to make them", expected: "root" }];
  return [];
}

/** Turns a command that failed into what it means. */
export function refused(command: readonly string[], error: unknown): Problem {
  const { code, stderr = "" } = error as { code?: string | number; stderr?: string };
  const [program = ""] = command;
  if (code === "ENOENT") return { code: "no-namespaces", path, got: `no program ${program}`, expected: "ip, tc and sysctl", hint: "Debian: iproute2 and procps" };
  const said = stderr.trim().split("\n").at(-1) ?? "";
  const got = `"${said || `exit code ${code}`}" from ${command.join(" ")}`;
  if (command.includes("tbf")) return { code: "no-namespaces", path, got, expected: "a kernel with token bucket filters (tbf)", hint: "without a rate (unshaped) the links need none" };
  if (/not permitted|denied|read-only/i.test(said)) return { code: "no-namespaces", path, got, expected: "a machine or container that may make namespaces (CAP_SYS_ADMIN and CAP_NET_ADMIN)" };
  return { code: "no-namespaces", path, got, expected: "the command to succeed" };
}

async function remove(namespaces: readonly string[]): Promise<void> {
  for (const name of namespaces) {
    const { stdout } = await run("ip", ["netns", "pids", name]).catch(() => ({ stdout: "" }));
    endAll(stdout);
  }
  for (const [program = "", ...words] of commandsToRemove(namespaces)) await run(program, words).catch(() => undefined);
}

function removeNow(namespaces: readonly string[]): void {
  for (const name of namespaces) endAll(tryNow(["ip", "netns", "pids", name]));
  for (const command of commandsToRemove(namespaces)) tryNow(command);
}

function tryNow([program = "", ...words]: readonly string[]): string {
  try {
    return execFileSync(program, words, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  } catch {
    return "";
  }
}

/** A process on a host of ours is ours; a namespace in use would outlive its name. */
function endAll(pids: string): void {
  for (const word of pids.split(/\s+/).filter((part) => part !== "")) {
    try {
      process.kill(Number(word), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

async function removeLeftovers(): Promise<void> {
  const { stdout } = await run("ip", ["netns", "list"]).catch(() => ({ stdout: "" }));
  const names = stdout.split("\n").map((line) => line.split(" ")[0] ?? "");
  await remove(names.filter((name) => isGone(ownerOf(name))));
}

function isGone(process_id: number | undefined): boolean {
  if (process_id === undefined) return false;
  try {
    process.kill(process_id, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Hosts from network namespaces: the plan and its commands as data; then, where this machine permits it, real hosts, their settings, and that nothing stays. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandsToMake, commandsToRemove, nameLink, namespacesOf, ownerOf, planNetwork } from "../../../cli/measure/namespace-commands.ts";
import { createHosts, findWhyNot, refused } from "../../../cli/measure/namespaces.ts";
import { InputError } from "../../../model/problems.ts";

const plans = fc.record({ hosts: fc.integer({ min: 1, max: 200 }), rate: fc.option(fc.integer({ min: 100_000, max: 10_000_000_000 })), pid: fc.integer({ min: 1, max: 4_194_304 }), network: fc.nat(9999) });

describe("a plan of hosts", () => {
  it("gives every host its own name, address and port, all on one subnet that leaves the switch's address free", () => {
    fc.assert(
      fc.property(plans, ({ hosts, rate, pid, network }) => {
        const plan = planNetwork(hosts, rate, pid, network);
        for (const key of ["name", "address", "port"] as const) expect(new Set(plan.hosts.map((host) => host[key])).size).toBe(hosts);
        for (const { address } of plan.hosts) {
          const [a, b, c, last] = address.split(".").map(Number);
          expect([a, b, c]).toEqual([10, 77, 0]);
          expect(last).toBeGreaterThan(0);
          expect(last).toBeLessThan(254);
        }
      }),
    );
  });

  it("names namespaces so that two processes, and two networks of one, never meet, and knows its own again", () => {
    fc.assert(
      fc.property(plans, plans, (one, other) => {
        const names = namespacesOf(planNetwork(one.hosts, one.rate, one.pid, one.network));
        for (const name of names) expect(ownerOf(name)).toBe(one.pid);
        if (one.pid === other.pid && one.network === other.network) return;
        const others = new Set(namespacesOf(planNetwork(other.hosts, other.rate, other.pid, other.network)));
        expect(names.filter((name) => others.has(name))).toEqual([]);
      }),
    );
    for (const foreign of ["h0", "exatwin-h0", "exatwin-12-switch", "other-12-0-h0", "exatwin-x-0-h0"]) expect(ownerOf(foreign)).toBeUndefined();
  });

  it("shapes both ends of every link at the rate, or none", () => {
    fc.assert(
      fc.property(plans, ({ hosts, rate, pid, network }) => {
        const plan = planNetwork(hosts, rate, pid, network);
        const shaping = commandsToMake(plan).filter((command) => command.includes("tbf"));
        expect(shaping.length).toBe(rate === null ? 0 : 2 * hosts);
        for (const command of shaping) expect(command[command.indexOf("rate") + 1]).toBe(`${rate}bit`);
        const ends = shaping.map((command) => `${command[2]} ${command[command.indexOf("dev") + 1]}`);
        expect(new Set(ends).size).toBe(ends.length);
      }),
    );
  });

  it("makes every namespace before it is used and removes every one that it made", () => {
    const plan = planNetwork(3, 1e9, 7, 0);
    const made = new Set<string>();
    for (const command of commandsToMake(plan)) {
      for (const name of namespacesOf(plan)) if (command.includes(name) && command[2] !== "add") expect(made).toContain(name);
      if (command[1] === "netns" && command[2] === "add") made.add(command[3] ?? "");
    }
    expect(commandsToRemove(namespacesOf(plan)).map((command) => command[3])).toEqual(expect.arrayContaining([...made]));
    expect(made.size).toBe(4);
  });

  it("names links as rows do", () => {
    expect([100e6, 1e9, 2.5e9, 500_000, null].map(nameLink)).toEqual(["100 Mbit/s", "1 Gbit/s", "2.5 Gbit/s", "500000 bit/s", "unshaped"]);
  });
});

describe("what forbids hosts", () => {
  it("is told from the command that failed", () => {
    expect(refused(["ip", "netns", "add", "x"], { code: "ENOENT" }).got).toBe("no program ip");
    expect(refused(["tc", "qdisc", "add", "tbf"], { code: 2, stderr: "Error: Specified qdisc kind is unknown.\n" })).toMatchObject({ expected: expect.stringContaining("tbf"), got: expect.stringContaining("Specified qdisc kind is unknown") });
    expect(refused(["ip", "netns", "add", "x"], { code: 1, stderr: "mount failed: Operation not permitted\n" }).expected).toContain("CAP_SYS_ADMIN");
    expect(refused(["ip", "link"], { code: 2, stderr: "" }).got).toContain("exit code 2");
  });

  it("is told for a wish that makes no sense, all of it", async () => {
    const error = await createHosts({ hosts: 0, rate_bit_per_s: -1 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems.slice(0, 2).map(({ path }) => path)).toEqual(["hosts", "rate_bit_per_s"]);
  });
});

const whyNot = await findWhyNot();
const listed = (): string[] => execFileSync("ip", ["netns", "list"], { encoding: "utf8" }).split("\n").flatMap((line) => line.split(" ")[0] || []);
const ownedBy = (pid: number): string[] => listed().filter((name) => ownerOf(name) === pid);

describe.skipIf(whyNot !== undefined)(`real hosts${whyNot ? ` (not here: ${whyNot.got})` : ""}`, () => {
  const ask = (argv: readonly string[]): string => execFileSync(argv[0] ?? "", argv.slice(1), { encoding: "utf8" });

  it("have their address, their rate and their settings, and leave nothing behind", async () => {
    const network = await createHosts({ hosts: 2, rate_bit_per_s: 200e6 });
    const names = [...network.hosts, network.center].map(({ name }) => name);
    try {
      expect(listed()).toEqual(expect.arrayContaining(names));
      for (const host of network.hosts) {
        expect(ask(host.wrap(["ip", "-4", "-o", "addr", "show", host.interface]))).toContain(`${host.address}/24`);
        expect(ask(host.wrap(["tc", "qdisc", "show", "dev", host.interface]))).toMatch(/tbf.*rate 200Mbit burst 64Kb/);
        expect(ask(host.wrap(["sysctl", "-n", "net.ipv4.tcp_congestion_control"])).trim()).toBe("reno");
      }
      expect(ask(network.center.wrap(["tc", "qdisc", "show"])).match(/tbf/g)?.length).toBe(2);
    } finally {
      await network.close();
    }
    expect(listed().filter((name) => names.includes(name))).toEqual([]);
  });

  it("are gone although a program still ran on one", async () => {
    const network = await createHosts({ hosts: 1, rate_bit_per_s: null });
    const [host] = network.hosts;
    if (host === undefined) throw new Error("no host");
    const [program = "", ...words] = host.wrap(["sleep", "60"]);
    const sleeper = spawn(program, words, { stdio: "ignore" });
    const ended = once(sleeper, "exit");
    while (ask(["ip", "netns", "pids", host.name]).trim() === "") await new Promise((resolve) => setTimeout(resolve, 5));
    await network.close();
    expect((await ended)[1]).toBe("SIGKILL");
    expect(listed()).not.toContain(host.name);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("are gone after %s, which still ends the process", async (signal) => {
    const module = new URL("../../../cli/measure/namespaces.ts", import.meta.url).href;
    const program = `const { createHosts } = await import(${JSON.stringify(module)}); await createHosts({ hosts: 2, rate_bit_per_s: 1e9 }); console.log("made"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    await once(createInterface({ input: child.stdout }), "line");
    const pid = child.pid ?? 0;
    expect(ownedBy(pid).length).toBe(3);
    child.kill(signal);
    expect((await ended)[1]).toBe(signal);
    expect(ownedBy(pid)).toEqual([]);
  });

  it("of a process that was killed are removed by the next", async () => {
    const child = spawn("true", { stdio: "ignore" });
    await once(child, "exit");
    const [stale = ""] = namespacesOf(planNetwork(1, null, child.pid ?? 0, 0));
    ask(["ip", "netns", "add", stale]);
    await (await createHosts({ hosts: 1, rate_bit_per_s: null })).close();
    expect(listed()).not.toContain(stale);
  });
});

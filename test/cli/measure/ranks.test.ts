/** Ranks: rank 0's lines come back, one failure ends all of them and is named, and commands of launchers say what they must. */
import { describe, expect, it } from "vitest";
import { glooCommands, mpiOverHosts } from "../../../cli/measure/rank-commands.ts";
import { runRanks } from "../../../cli/measure/ranks.ts";
import type { NetworkHost } from "../../../cli/measure/namespaces.ts";

const node = (program: string): string[] => [process.execPath, "-e", program];
const run = (commands: readonly (readonly string[])[], more: { limit_s?: number; stop?: AbortSignal } = {}) =>
  runRanks({ commands, cwd: "/", env: process.env, limit_s: more.limit_s ?? 30, stop: more.stop ?? new AbortController().signal });
const forever = "setInterval(() => {}, 1000)";
const host = (index: number): NetworkHost => ({ name: `h${index}`, address: `10.0.0.${index}`, interface: "eth0", wrap: (argv) => ["on", `h${index}`, ...argv] });

describe("ranks", () => {
  it("hand back what rank 0 wrote and nothing of the others", async () => {
    expect(await run([node("console.log('a\\nb')"), node("console.log('other')")])).toEqual({ lines: ["a", "b"], problems: [] });
  });

  it("end together when one fails; the one that failed is named with its last words", async () => {
    const { lines, problems } = await run([node(forever), node("console.error('first'); console.error('no peer'); process.exitCode = 3")]);
    expect(lines).toBeUndefined();
    expect(problems).toEqual([{ code: "rank-failed", path: "rank 1", got: "exit code 3 (a wrong result): no peer", expected: "exit code 0" }]);
  });

  it("end at the limit, when told to stop, and when there is no such program", async () => {
    expect((await run([node(forever), node(forever)], { limit_s: 0.3 })).problems[0]?.got).toBe("no end within 0.3 s");
    const stop = new AbortController();
    const running = run([node(forever)], { stop: stop.signal });
    stop.abort();
    expect((await running).problems[0]?.code).toBe("cancelled");
    expect((await run([node(forever), ["exatwin-no-such-program"]])).problems[0]).toMatchObject({ path: "rank 1", got: "no program exatwin-no-such-program" });
  });
});

describe("commands", () => {
  const common = { program: "p", words: ["--quick"], link: "1 Gbit/s", store: "/s", cores: 2 };
  it("give each rank of Gloo its number, host, interface and processor", () => {
    const commands = glooCommands({ ...common, places: [host(0), host(1), host(2)] });
    expect(commands.map((argv) => [argv[1], argv[argv.indexOf("--rank") + 1], argv[argv.indexOf("--cpu") + 1], argv[argv.indexOf("--interface") + 1]])).toEqual([
      ["h0", "0", "0", "eth0"],
      ["h1", "1", "1", "eth0"],
      ["h2", "2", "0", "eth0"],
    ]);
    expect(glooCommands({ ...common, places: 2 })[1]).toEqual(["p", "--quick", "--link", "1 Gbit/s", "--rank", "1", "--size", "2", "--store", "/s", "--cpu", "1", "--interface", "lo"]);
  });

  it("put one rank of MPI on each host, unbound by the launcher, from where all hosts are reached", () => {
    const network = { hosts: [host(0), host(1)], center: host(9), subnet: "10.0.0.0/24", link: "unshaped", close: async () => undefined };
    const { command, close } = mpiOverHosts(network, ["p"]);
    close();
    expect(command.slice(0, 5)).toEqual(["on", "h9", "mpirun", "-np", "2"]);
    expect(command[command.indexOf("-H") + 1]).toBe("h0:1,h1:1");
    expect(command[command.indexOf("--bind-to") + 1]).toBe("none");
    expect(command.slice(-3)).toEqual(["p", "--pin", "world"]);
  });
});

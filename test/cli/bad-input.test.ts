/** What bad input gets: every problem at once with path, got, expected and hint; exit 1; never a stack, never a NaN. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badBytes, misspelt, summitWith, type Tree } from "./bad-documents.ts";
import { copyScenarios, flagship, problemsOf, run } from "./harness.ts";

let copy: ReturnType<typeof copyScenarios>;
let setting: { cwd: string; env: Record<string, string> };
beforeAll(() => {
  copy = copyScenarios();
  setting = { cwd: copy.folder, env: copy.env };
});
afterAll(() => copy.remove());

function write(name: string, content: unknown): string {
  writeFileSync(join(copy.folder, name), typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  return name;
}

describe("documents", () => {
  test("a misspelt key, a wrong unit, a negative size and an unknown device are told together", async () => {
    const problems = await problemsOf(["check", write("bad.json", misspelt())], setting);
    const at = (end: string) => problems.find(({ path }) => path.endsWith(end));
    expect(at("node.injecton")).toMatchObject({ code: "unknown-key", hint: "did you mean \"injection\"?" });
    expect(at("fabric.latency")).toMatchObject({ got: "\"1.5 GB\"", expected: expect.stringContaining("a time") });
    expect(at("node.hostLink.bandwidth")).toMatchObject({ got: "\"-5 GB/s\"", expected: expect.stringContaining("above zero") });
    expect(at("fileSystem.read")).toMatchObject({ hint: "write TB/s" });
    expect(problems.length).toBeGreaterThanOrEqual(4);
    const [unknown, ...others] = await problemsOf(["check", write("device.json", summitWith((machine) => ((machine["node"] as Tree)["device"] = "v100-sxm2-16g")))], setting);
    expect(unknown).toMatchObject({ code: "unknown-name", path: "device.json: node.device", hint: "did you mean \"v100-sxm2-16gb\"?" });
    expect(others).toEqual([]);
  });

  test.each(Object.keys(badBytes))("%s", async (name) => {
    const { make, expected } = badBytes[name] as (typeof badBytes)[string];
    const file = write("bytes.json", make());
    const [problem, ...others] = await problemsOf(["check", file], setting);
    expect(problem).toMatchObject(expected);
    expect(others).toEqual([]);
    expect(await problemsOf(["validate", file], setting)).toEqual([problem]);
    const piped = await run(["check", "-", "--json"], { ...setting, stdin: make() });
    expect(piped.code).toBe(1);
    expect(JSON.parse(piped.stdout)).toMatchObject({ problems: [{ ...expected, path: "standard input" }] });
  });

  test("a folder, a file that is not there, and a near name", async () => {
    mkdirSync(join(copy.folder, "folder.json"));
    const problems = await problemsOf(["check", "folder.json", "nothing-like-it.json", "scenarios/machines/sumit.json"], setting);
    expect(problems).toMatchObject([
      { path: "folder.json", got: "a directory" },
      { path: "nothing-like-it.json", got: "no such file" },
      { path: "scenarios/machines/sumit.json", got: "no such file", hint: "did you mean \"summit.json\"?" },
    ]);
  });

  test("an unknown kind, an empty list, two documents with one id", async () => {
    expect(await problemsOf(["check", write("kind.json", { hello: 1 })], setting)).toMatchObject([{ path: "kind.json", hint: "--kind K says which it is" }]);
    expect(await problemsOf(["check", write("list.json", [])], setting)).toMatchObject([{ expected: "at least one document" }]);
    const summit = summitWith(() => {});
    expect(await problemsOf(["check", write("one.json", summit), write("two.json", [summit])], setting)).toMatchObject([{ code: "duplicate-id", path: "two.json[0]: id", got: "\"summit\", which one.json has as well" }]);
  });

  test("keys that mean something to JavaScript are keys like others", async () => {
    const text = JSON.stringify(summitWith(() => {})).replace("{", "{\"__proto__\":{\"polluted\":1},\"constructor\":2,");
    expect(await problemsOf(["check", write("proto.json", text), "--kind", "machine"], setting)).toMatchObject([{ path: "proto.json: __proto__", code: "unknown-key" }, { path: "proto.json: constructor", code: "unknown-key" }]);
    expect(({} as Tree)["polluted"]).toBeUndefined();
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(await problemsOf(["predict", name], setting)).toMatchObject([{ code: "unknown-name" }]);
      expect(await problemsOf(["predict", flagship, "--set", `${name}.x=1`], setting)).toHaveLength(1);
    }
  });

  test("a number of JSON that is no number of ours", async () => {
    const text = readFileSync(join(copy.scenarios, "plans", "climate-2018-summit-fp16.json"), "utf8").replace(/"samplesPerDevice": *\d+/, "\"samplesPerDevice\": 1e999");
    expect(await problemsOf(["check", write("nan.json", text), "--kind", "plan"], setting)).toMatchObject([{ path: "nan.json: samplesPerDevice" }]);
  });

  test("the folder: a broken file, a wrong id and a missing source are told together, and others still work", async () => {
    const other = copyScenarios();
    writeFileSync(join(other.scenarios, "devices", "broken.json"), "{");
    writeFileSync(join(other.scenarios, "machines", "copy-of-summit.json"), JSON.stringify(summitWith(() => {})));
    writeFileSync(join(other.scenarios, "machines", "mine.json"), JSON.stringify(summitWith((machine) => Object.assign(machine, { id: "mine", source: "nowhere" }))));
    const problems = await problemsOf(["check"], { env: other.env });
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(["devices/broken", "machines/copy-of-summit: id", "machines/mine: source"]));
    const { code, stderr } = await run(["predict", flagship], { env: other.env });
    expect(code).toBe(0);
    expect(stderr).toContain("left out devices/broken");
    other.remove();
  });

  test("a scenarios folder that is not there", async () => {
    expect(await problemsOf(["list", "--scenarios", "nowhere"], { cwd: copy.folder })).toMatchObject([{ path: join(copy.folder, "nowhere"), got: "no such file" }]);
  });
});

describe("words", () => {
  const table: Array<[string, string[], object[]]> = [
    ["unknown verb", ["predct"], [{ hint: "did you mean \"predict\"?" }]],
    ["unknown options, all of them", ["predict", flagship, "--gpsu", "5", "--jsn"], [{ hint: "did you mean \"--gpus\"?" }, { hint: "did you mean \"--json\"?" }]],
    ["a value missing", ["predict", flagship, "--gpus"], [{ code: "missing-key", path: "--gpus" }]],
    ["an option for a value", ["predict", flagship, "--gpus", "--csv"], [{ code: "missing-key", path: "--gpus" }]],
    ["a switch with a value", ["list", "--csv=yes"], [{ path: "--csv" }]],
    ["an option twice", ["predict", flagship, "--gpus", "1", "--gpus", "2"], [{ code: "given-twice" }]],
    ["no name", ["predict"], [{ code: "missing-key" }]],
    ["too many names", ["list", "run", "x", "y"], [{ code: "unexpected-argument", got: "2 arguments too many: x y" }]],
    ["unknown run", ["predict", "summit-deeplabv3plus-fp16-2017"], [{ hint: `did you mean "${flagship}"?` }]],
    ["a machine without a workload", ["predict", "summit"], [{ code: "unknown-name" }, { code: "missing-key", expected: expect.stringContaining("a workload") }]],
    ["wrong names, all of them", ["predict", "sumit", "tiramisu", "--plan", "x", "--stack", "y"], [{ hint: "did you mean \"summit\"?" }, { hint: "did you mean \"tiramisu-climate-2018\"?" }, {}, {}]],
    ["a plan beside a run", ["predict", flagship, "--plan", "x"], [{ code: "conflict" }]],
    ["bad device counts, all of them", ["predict", flagship, "--gpus", "0,-1,1.5,NaN,x,6,6,Infinity,1e3,"], Array.from({ length: 9 }, () => ({ path: "--gpus" }))],
    ["more devices than there are", ["predict", flagship, "--gpus", "6,40000"], [{ code: "too-many-devices", got: "40000 devices", hint: "at most 27648" }]],
    ["bad changes, all of them", ["predict", flagship, "--set", "plan.gradientLga=1", "--set", "nonsense", "--set", "x=", "--set", "machine.nodes=5 GB"], [{ path: "--set" }, { path: "--set" }, { hint: "did you mean \"gradientLag\"?" }]],
    ["a path twice", ["predict", flagship, "--set", "plan.gradientLag=1", "--set", "plan.gradientLag=0"], [{ code: "given-twice" }]],
    ["unknown protocol", ["validate", "--protocol", "colt"], [{ hint: "did you mean \"cold\"?" }]],
    ["unknown runs", ["validate", "a", "b"], [{ got: "\"a\"" }, { got: "\"b\"" }]],
    ["unknown term", ["explain", flagship, "--term", "comunication"], [{ hint: "did you mean \"communication\"?" }]],
    ["unknown operation", ["explain", flagship, "--op", "qqq"], [{ path: "--op" }]],
    ["unknown kind", ["schema", "machin"], [{ hint: "did you mean \"machine\"?" }]],
    ["unknown document", ["show", "sumit"], [{ hint: "did you mean \"summit\"?" }]],
    ["layers of a machine", ["show", "machine", "summit", "--layers"], [{ code: "conflict" }]],
    ["a port that is none", ["serve", "--port", "80800"], [{ path: "--port" }]],
    ["a host that is none", ["serve", "--port", "0", "--host", "203.0.113.7"], [{ path: "--host" }]],
  ];
  test.each(table)("%s", async (_, argv, expected) => {
    const problems = await problemsOf(argv);
    expect(problems).toMatchObject(expected);
    expect(problems).toHaveLength(expected.length);
  });

  test("changes of wrong value name the place", async () => {
    const problems = await problemsOf(["predict", flagship, "--set", "machine.node.injection=23 Gbps", "--set", "plan.samplesPerDevice=-2", "--set", "stack.collective.algorithm=rign"]);
    expect(problems.map(({ hint }) => hint)).toEqual(expect.arrayContaining(["write Gbit/s", "did you mean \"ring\"?"]));
    expect(problems.map(({ path }) => path).join()).toContain("samplesPerDevice");
  });

  test("values at the edge of what numbers can hold give a number or a problem, never NaN", async () => {
    for (const change of ["machine.node.injection=1e-300 B/s", "device.memory.bandwidth=1e300 B/s", "machine.fabric.latency=1e300 s", "plan.fusion=1e-9 B", "workload.options.height=65536", "plan.samplesPerDevice=65536"]) {
      const { code, stdout } = await run(["predict", flagship, "--gpus", "6,96", "--set", change, "--json"]);
      expect([0, 1]).toContain(code);
      const answer = JSON.parse(stdout) as { points?: Array<{ stepTime_s: { value: number | null } }> };
      if (code === 0) for (const { stepTime_s } of answer.points ?? []) expect(stepTime_s.value).toBeGreaterThan(0);
    }
  });
});

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeChosenCompiler, ensureNativePackages, findProgram, findWitness, nativePackages, type NativeWorld } from "../../cli/setup/native-packages.mjs";
import { describeBuilt, makeNativeStep, readBuilt } from "../../cli/setup/native.mjs";

/** A machine that lacks packages; those `curable` are there after apt-get was asked for them. */
function makeWorld({ missing = [] as string[], curable = missing, ...more }: Partial<NativeWorld> & { missing?: string[]; curable?: string[] } = {}) {
  const absent = new Set(missing);
  const asked: string[][] = [];
  const world: NativeWorld = {
    isMissing: ({ name }) => absent.has(name),
    canInstall: () => true,
    hasApt: () => true,
    installPackages: async (packages) => {
      const names = packages.map(({ name }) => name);
      asked.push(names);
      if (names.some((name) => !curable.includes(name))) return "E: Unable to locate package";
      for (const name of names) absent.delete(name);
      return "";
    },
    ...more,
  };
  return { world, asked };
}

const nothing = () => {};

describe("packages that native/ lacks", () => {
  it("are installed when root has apt-get, and it says so beforehand", async () => {
    const { world, asked } = makeWorld({ missing: ["cmake", "libdnnl-dev"] });
    const said: string[] = [];
    expect(await ensureNativePackages((text) => said.push(text), world)).toBe("");
    expect(asked).toEqual([["cmake", "libdnnl-dev"]]);
    expect(said).toEqual(["apt-get install cmake libdnnl-dev"]);
  });

  it("are none where all is there: nothing is asked for", async () => {
    const { world, asked } = makeWorld();
    expect(await ensureNativePackages(nothing, world)).toBe("");
    expect(asked).toEqual([]);
  });

  it("are told with the exact command when not root, a compiler as a failure", async () => {
    const { world, asked } = makeWorld({ missing: ["g++", "libgloo-dev"], canInstall: () => false });
    const command = "As root: apt-get update && apt-get install --yes --no-install-recommends g++ libgloo-dev";
    await expect(ensureNativePackages(nothing, world)).rejects.toMatchObject({ name: "StepError", message: expect.stringContaining(command) });
    expect(asked).toEqual([]);
  });

  it("are told, but stop nothing, when only libraries are missing", async () => {
    const { world } = makeWorld({ missing: ["libgloo-dev"], canInstall: () => false });
    expect(await ensureNativePackages(nothing, world)).toMatch(/^without libgloo-dev\. As root: apt-get update && .* libgloo-dev$/);
  });

  it("are tried one by one when one of them cannot be had", async () => {
    const { world, asked } = makeWorld({ missing: ["make", "liburing-dev", "libgloo-dev"], curable: ["make", "liburing-dev"] });
    expect(await ensureNativePackages(nothing, world)).toMatch(/^without libgloo-dev\. apt-get could not install them/);
    expect(asked).toEqual([["make", "liburing-dev", "libgloo-dev"], ["make"], ["liburing-dev"], ["libgloo-dev"]]);
  });

  it("fail the step with apt-get's words when a compiler cannot be installed", async () => {
    const { world } = makeWorld({ missing: ["g++"], curable: [] });
    await expect(ensureNativePackages(nothing, world)).rejects.toMatchObject({ message: expect.stringContaining("without g++"), output: "E: Unable to locate package" });
  });

  it("are named as in Debian where there is no apt-get", async () => {
    const { world } = makeWorld({ missing: ["cmake"], canInstall: () => false, hasApt: () => false });
    await expect(ensureNativePackages(nothing, world)).rejects.toThrow(/without cmake\. Install them with your system's package manager/);
  });
});

describe("on a folder of our own", () => {
  let root = "";
  const project = join("native", "CMakeLists.txt");
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  /** A project that compiles nothing: the step's own logic is what is looked at. */
  const writeProject = (name: string) => write(project, `cmake_minimum_required(VERSION 3.20)\nproject(p LANGUAGES NONE)\nfile(WRITE \${CMAKE_BINARY_DIR}/${name} "")\nfile(WRITE \${CMAKE_BINARY_DIR}/built.json "{\\"built\\": [\\"${name}\\"], \\"checks\\": [], \\"missing\\": []}")\n`);
  const step = makeNativeStep(makeWorld().world);
  const run = () => step.run({ root, out: { write: nothing }, announce: nothing });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "exatwin native "));
    mkdirSync(join(root, "native"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("a build is made once, again after an edit, and again when a program is gone", async (context) => {
    if (findProgram(["cmake"]) === undefined) context.skip("CMake is not installed");
    writeProject("one");
    expect(await run()).toBe("1 benchmarks");
    expect(readBuilt(root)).toEqual({ built: ["one"], checks: [], missing: [] });
    expect(await run()).toBe("1 benchmarks; nothing changed");
    writeProject("two");
    expect(await run()).toBe("1 benchmarks");
    expect(readBuilt(root)?.built).toEqual(["two"]);
    rmSync(join(root, ".cache", "native", "two"));
    expect(await run()).toBe("1 benchmarks");
    expect(existsSync(join(root, ".cache", "native", "two"))).toBe(true);
  });

  it("a project that CMake refuses fails the step with CMake's words, and is tried again", async (context) => {
    if (findProgram(["cmake"]) === undefined) context.skip("CMake is not installed");
    write(project, `message(FATAL_ERROR "no such luck")\n`);
    await expect(run()).rejects.toMatchObject({ name: "StepError", output: expect.stringContaining("no such luck") });
    await expect(run()).rejects.toMatchObject({ name: "StepError" });
  });

  it("a built.json that was cut short is named", () => {
    mkdirSync(join(root, ".cache", "native"), { recursive: true });
    write(join(".cache", "native", "built.json"), `{"built": [`);
    expect(() => readBuilt(root)).toThrow(/built\.json is not what CMake writes/);
  });

  it("a package is there when its program is on PATH or its header is found", () => {
    mkdirSync(join(root, "bin"));
    mkdirSync(join(root, "include"));
    const env = { PATH: join(root, "bin"), CPATH: join(root, "include") };
    expect(findWitness({ name: "p", programs: ["exatwin-no-such"] }, env)).toBeUndefined();
    expect(findWitness({ name: "p", header: "exatwin-no-such.h" }, env)).toBeUndefined();
    write(join("bin", "exatwin-no-such"), "");
    expect(findWitness({ name: "p", programs: ["exatwin-no-such"] }, env)).toBeUndefined();
    chmodSync(join(root, "bin", "exatwin-no-such"), 0o755);
    write(join("include", "exatwin-no-such.h"), "");
    expect(findWitness({ name: "p", programs: ["exatwin-no-such"] }, env)).toBe(join(root, "bin", "exatwin-no-such"));
    expect(findWitness({ name: "p", header: "exatwin-no-such.h" }, env)).toBe(join(root, "include", "exatwin-no-such.h"));
  });

  it("a compiler that the user chose is the one that counts, even when it is absent and another is there", () => {
    write("c++", "");
    chmodSync(join(root, "c++"), 0o755);
    expect(describeChosenCompiler({ PATH: root })).toBe("");
    expect(describeChosenCompiler({ PATH: root, CXX: "c++ -m64" })).toBe("");
    expect(describeChosenCompiler({ PATH: root, CXX: "exatwin-another -m64" })).toMatch(/^CXX is set to exatwin-another -m64/);
    expect(findWitness({ name: "g++", programs: ["c++"], variable: "CXX" }, { PATH: root, CXX: "exatwin-another" })).toBeUndefined();
  });
});

it("what was left out is told once per reason", () => {
  const missing = [
    { benchmark: "gpu-memory", reason: "no CUDA compiler" },
    { benchmark: "gloo-all-reduce", reason: "no libgloo-dev" },
    { benchmark: "gpu-gemm", reason: "no CUDA compiler" },
  ];
  expect(describeBuilt({ built: ["fma-peak", "stream"], missing })).toBe("2 benchmarks; left out gpu-memory, gpu-gemm: no CUDA compiler; left out gloo-all-reduce: no libgloo-dev");
});

it("neither PyTorch nor CUDA is among what is installed unasked", () => {
  expect(nativePackages.map(({ name }) => name).filter((name) => /torch|cuda|nvidia/.test(name))).toEqual([]);
});

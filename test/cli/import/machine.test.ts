/** exatwin import --as: from logs to a machine that predict takes, in the scenarios folder or in one of its own; what is there is not overwritten, more files add to it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MachineAnswer } from "../../../cli/commands/import-machine.ts";
import { copyScenarios, problemsOf, run, runJson, words } from "../harness.ts";

const logs = join(import.meta.dirname, "../../fixtures/clusters/a100");
const fixtures = join(import.meta.dirname, "../../fixtures/logs");
let copy: ReturnType<typeof copyScenarios>;
let folder: string;
beforeAll(() => {
  copy = copyScenarios();
  folder = mkdtempSync(join(tmpdir(), "exatwin-cluster-"));
});
afterAll(() => {
  copy.remove();
  rmSync(folder, { recursive: true, force: true });
});

const setting = () => ({ cwd: folder, env: copy.env });
const make = async (line: string): Promise<MachineAnswer> => (await runJson<{ machine: MachineAnswer }>(words(line), setting())).machine;

describe("logs of one cluster", () => {
  it("become a machine in the scenarios folder that the command told predicts with", async () => {
    const { cluster, written, next = "" } = await make(`import "${logs}" --as my-cluster --tell nodes=2`);
    expect(cluster?.device).toBe("a100-sxm4-40gb");
    expect(written.map((path) => path.split("/").at(-1))).toEqual(["my-cluster-all-reduce-one-node.json", "my-cluster-all-reduce-between-nodes.json", "my-cluster.json"]);
    const told = await run(words(next.replace("exatwin ", "")), setting());
    expect(told.stderr).toBe("");
    expect(told.code).toBe(0);
    const { points } = await runJson<{ points: { devices: number; stepTime_s: { value: number; low95: number; high95: number } }[] }>(words("predict my-cluster resnet50-imagenet --plan climate-2018-summit-fp16 --stack pytorch-nccl-2022 --gpus 1,8,32"), setting());
    expect(points.map(({ devices }) => devices)).toEqual([1, 8, 32]);
    for (const { stepTime_s: { low95, value, high95 } } of points) expect(0 < low95 && low95 < value && value < high95).toBe(true);
    expect((await run(words("check"), setting())).code).toBe(0);
  });

  it("take more files later, with those that the store holds under the name", async () => {
    await make(`import "${logs}/all-reduce-one-node.log" --as grows`);
    const { cluster, files } = await make(`import "${logs}/all-reduce-four-nodes.log" --as grows`);
    expect(files).toBe(2);
    expect(cluster?.measured.map(({ path }) => path)).toContain("node.injection");
    const { files: both } = await make(`import "${fixtures}/osu" "${fixtures}/fio" --as grows --tell nodes=2 --tell device=a100-sxm4-40gb`);
    expect(both).toBe(7);
  });

  it("become a machine in a folder of its own, which predict takes by the name of its file", async () => {
    const { next = "", written } = await make(`import "${logs}" --as apart --into mine`);
    expect(written).toContain("mine/machines/apart.json");
    expect(next).toContain("mine/machines/apart.json");
    expect(Object.keys(JSON.parse(readFileSync(join(folder, "mine/sources.json"), "utf8")) as object)).toEqual(expect.arrayContaining(["imported-files", "judgement"]));
    expect((await run(words(next.replace("exatwin ", "")), setting())).code).toBe(0);
  });

  it("are told and not written on a dry run", async () => {
    const { cluster, written } = await make(`import "${logs}" --as not-there --into nowhere --dry-run`);
    expect(cluster?.machine.id).toBe("not-there");
    expect(written).toEqual([]);
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  });

  it("show in text what was measured, what was not and whose it is", async () => {
    const { stdout } = await run(words(`import "${logs}" --as words --into mine`), setting());
    for (const part of ["Machine words", "node.injection", "80 GB/s", "not measured, as on dgx-a100-40gb", "wrote mine/machines/words.json", "next: exatwin predict"]) expect(stdout).toContain(part);
  });
});

describe("what cannot be made", () => {
  it("is told without a device; the files are stored all the same", async () => {
    const { cluster, problems } = await make(`import "${fixtures}/osu" --as nameless`);
    expect(cluster).toBeUndefined();
    expect(problems.map(({ code, hint }) => [code, hint])).toEqual([["missing-device", "--tell device=ID"]]);
  });

  it("is refused before anything is read where words are wrong or a machine of others has the name", async () => {
    const codes = async (line: string) => (await problemsOf(words(line), setting())).map(({ code, path }) => [code, path]);
    expect(await codes(`import "${logs}" --as summit`)).toEqual([["conflict", "--as"]]);
    expect(await codes(`import "${logs}" --as "My Cluster"`)).toEqual([["wrong-value", "--as"]]);
    expect(await codes(`import ${logs} --tell nodes=2`)).toEqual([["conflict", "--tell"]]);
    expect(await codes(`import "${logs}" --as x --tell nodes=0 --tell nods=3 --tell precision=fp17`)).toEqual([["wrong-value", "--tell nodes"], ["unknown-name", "--tell"], ["unknown-name", "--tell precision"]]);
  });
});

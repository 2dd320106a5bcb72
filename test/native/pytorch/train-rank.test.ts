/** Ranks that train together have the gradients of one process, and say what they did in one line. Speeds are not looked at. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { families, type FamilyId } from "../../../model/workload/index.ts";
import { countParameters, listGradientTensors } from "../../../model/workload/totals.ts";

const folder = fileURLToPath(new URL("../../../native/pytorch/", import.meta.url));
const python = ["python3", "/usr/bin/python3"].find((name) => spawnSync(name, ["-c", "import torch, torch.distributed as d, numpy; assert d.is_gloo_available()"], { timeout: 60_000 }).status === 0);
const absent = "no python3 with PyTorch, Gloo and NumPy here";
const scratch = mkdtempSync(join(tmpdir(), "train-rank-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Line {
  readonly parameters: number;
  readonly gradientTensors: number;
  readonly check: { readonly equal: boolean; readonly error: number };
  readonly step_s: { readonly n: number };
  readonly rankMedians_s: readonly number[];
  readonly loss: { readonly first: number; readonly last: number };
  readonly buckets_bytes: readonly number[] | null;
}

function run(script: string, given: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(python ?? "python3", [script, ...given], { cwd: folder, env: { ...process.env, GLOO_SOCKET_IFNAME: "lo", PYTHONDONTWRITEBYTECODE: "1" } });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

let meetings = 0;
async function train(ranks: number, given: readonly string[]): Promise<Line> {
  const init = `file://${join(scratch, `meeting-${meetings++}`)}`;
  const ended = await Promise.all(Array.from({ length: ranks }, (_, rank) => run("train_rank.py", [...given, "--rank", String(rank), "--world", String(ranks), "--init", init])));
  for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
  expect(ended.slice(1).map(({ stdout }) => stdout)).toEqual(ended.slice(1).map(() => ""));
  return JSON.parse(ended[0]?.stdout ?? "") as Line;
}

const small: Readonly<Partial<Record<FamilyId, object>>> = {
  "small-resnet": { height: 8, width: 8, filters: [4, 8], units: 1 },
  unet: { channels: 2, height: 8, width: 8, firstFilters: 4, depth: 2 },
  gpt: { width: 16, layers: 1, heads: 2, tokens: 8, vocabulary: 32 },
  mlp: { inputs: 16, hidden: [8, 8], classes: 4 },
};
const sizes = (id: FamilyId) => ["--network", id, "--options", JSON.stringify(small[id])];

beforeEach((context) => {
  if (!python) context.skip(absent);
});

describe("train_rank.py", { timeout: 120_000 }, () => {
  it.each([["small-resnet", "ddp", 2], ["unet", "per-tensor", 1], ["gpt", "ddp", 1], ["mlp", "per-tensor", 2]] as const)("%s, %s, %d passes a step: gradients of one process", async (id, scheme, passes) => {
    const line = await train(2, [...sizes(id), "--batch", "3", "--scheme", scheme, "--accumulation", String(passes), "--bucket-bytes", "1024", "--check"]);
    const layers = families[id].build(small[id] as never);
    expect(line).toMatchObject({ parameters: countParameters(layers), gradientTensors: listGradientTensors(layers).length, check: { equal: true } });
  });

  it("ranks that sum nothing are told apart from one process", async () => {
    const init = `file://${join(scratch, "apart")}`;
    const ended = await Promise.all([0, 1].map((rank) => run("train_rank.py", [...sizes("mlp"), "--batch", "3", "--scheme", "none", "--check", "--rank", String(rank), "--world", "2", "--init", init])));
    expect(ended.map(({ code }) => code)).toEqual([3, 3]);
  });

  it("learns, from memory and from cold files, and tells its buckets", async () => {
    const data = join(scratch, "unet");
    const made = await run("make_samples.py", ["--folder", data, "--count", "8", ...sizes("unet")]);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const line = await train(2, [...sizes("unet"), "--batch", "4", "--steps", "40", "--bucket-bytes", "2048", "--loader", "decode-cold", "--data-folder", data]);
    expect(line.step_s.n).toBeLessThanOrEqual(40);
    expect(line.rankMedians_s).toHaveLength(2);
    expect(line.loss.last).toBeLessThan(line.loss.first);
    const bytes = 4 * countParameters(families.unet.build(small.unet));
    expect((line.buckets_bytes ?? []).reduce((sum, bucket) => sum + bucket, 0)).toBe(bytes);
    const alone = JSON.parse((await run("train_rank.py", [...sizes("mlp"), "--batch", "8", "--scheme", "none", "--steps", "40"])).stdout) as Line;
    expect(alone.loss.last).toBeLessThan(alone.loss.first);
    expect(alone.buckets_bytes).toBeNull();
  });

  it.each([
    [["--network", "unet", "--batch", "0"], "--batch"],
    [["--network", "unett", "--batch", "1", "--scheme", "none"], "unett"],
    [["--network", "unet", "--batch", "1", "--scheme", "none", "--options", '{"dept":3}'], "dept"],
    [["--network", "unet", "--batch", "1", "--scheme", "none", "--loader", "decode"], "--data-folder"],
    [["--network", "unet", "--batch", "1", "--warm-up", "1", "--scheme", "none"], "--warm-up"],
    [["--network", "unet", "--batch", "1", "--world", "2"], "--init"],
  ])("refuses %j by name", async (given, named) => {
    const ended = await run("train_rank.py", given);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(named);
  });
});

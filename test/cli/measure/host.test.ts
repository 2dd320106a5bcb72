import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { kernelFlags, nameProcessor, readHost } from "../../../cli/measure/host.ts";
import { hostSchema } from "../../../model/schema/measurement.ts";

const cpuinfo = "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Some Xeon @ 2.50GHz\nflags\t\t: fpu sse4_2 avx2 avx512f avx512_vnni hypervisor amx_bf16 fma\n";

describe("host facts", () => {
  test("of this host: they fit the schema, and the network name is none of them", () => {
    const host = readHost({ name: "tested", python: undefined, env: { PATH: process.env["PATH"] } });
    expect(hostSchema.safeParse(host).error).toBeUndefined();
    expect(host.name).toBe("tested");
    expect(Object.values(host).map(String)).not.toContain(hostname());
    expect(host.kernel).toMatch(/^\w+ [\d.]+$/);
  });

  test("family and model tell guests apart that are told the same name", () => {
    expect(nameProcessor(cpuinfo, "")).toBe("Some Xeon @ 2.50GHz (family 6, model 85)");
    expect(nameProcessor("processor\t: 0\nFeatures\t: asimd\n", "Model name:           Neoverse-N1\n")).toBe("Neoverse-N1");
    expect(nameProcessor("", "")).toBe("unknown processor");
  });

  test("of the flags, those that kernels choose by", () => {
    expect(kernelFlags(cpuinfo)).toEqual(["amx_bf16", "avx2", "avx512_vnni", "avx512f", "fma", "sse4_2"]);
    expect(kernelFlags("Features\t: fp asimd sve bf16 crc32\n")).toEqual(["asimd", "bf16", "sve"]);
  });
});

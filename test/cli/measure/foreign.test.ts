/** The share of other programs is read from two files of the kernel: busy time less that of the children of this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { foreignShare, readUsage } from "../../../cli/measure/foreign.ts";

const folder = mkdtempSync(join(tmpdir(), "exatwin-foreign-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function usage(cpu: string, own: string) {
  const [stat, self] = [join(folder, "stat"), join(folder, "self")];
  writeFileSync(stat, `cpu  ${cpu}\ncpu0 1 2 3 4\n`);
  writeFileSync(self, own);
  return readUsage(stat, self);
}
/** Fields after the name up to cstime; the name may hold spaces and brackets. */
const own = (children: number) => `12 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 111 222 ${children} 0 20 0 1 0`;

describe("the share of other programs", () => {
  it("is what was busy and not the children's, over all processors", () => {
    const before = usage("100 0 50 1000 0 5 5 0 0 0", own(30));
    const after = usage("180 0 70 1100 0 9 9 0 0 0", own(110));
    expect(before).toMatchObject({ busy: 150, children: 30 });
    expect(foreignShare(before, after)).toBeCloseTo((100 - 80) / 208, 12);
  });

  it("is never below nothing, and unknown where the kernel does not tell", () => {
    const before = usage("100 0 50 1000 0 0 0 0", own(30));
    const after = usage("110 0 50 1100 0 0 0 0", own(80));
    expect(foreignShare(before, after)).toBe(0);
    expect(readUsage(join(folder, "none"), join(folder, "self"))).toBeUndefined();
    expect(foreignShare(undefined, after)).toBeUndefined();
    expect(foreignShare(after, after)).toBeUndefined();
  });
});

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeOldNode } from "../../cli/setup/node-version.mjs";

it.each([
  ["20.19.0", "20.19"],
  ["20.19", "20.19"],
  ["20.20.2", "20.19"],
  ["22.0.0", "20.19"],
  ["100.1.0", "20.19"],
])("Node %s will do where %s is asked for", (found, floor) => {
  expect(describeOldNode(found, floor)).toBe("");
});

it.each([
  ["20.18.9", "20.19"],
  ["18.20.4", "20.19"],
  ["12.22.12", "20.19"],
  ["9.20.0", "20.19"],
])("Node %s is refused where %s is asked for, naming both", (found, floor) => {
  const message = describeOldNode(found, floor);
  expect(message).toContain(`Node ${floor} or newer`);
  expect(message).toContain(`this is Node ${found} `);
  expect(message).toContain(process.execPath);
});

it("what an old Node reads before it is refused holds no newer syntax", () => {
  const early = ["cli/exatwin.mjs", "cli/setup/start.mjs", "cli/setup/test.mjs", "cli/setup/build.mjs", "cli/setup/node-version.mjs"];
  for (const path of early) {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    expect(text.match(/\?\.|\?\?|\bawait\b|"node:/g), path).toBeNull();
  }
});

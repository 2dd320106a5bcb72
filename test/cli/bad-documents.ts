/** Documents and bytes with something wrong, used against the command line and against the server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/host/root.ts";

export type Tree = Record<string, unknown>;

export function summitWith(change: (machine: Tree) => void): Tree {
  const machine = JSON.parse(readFileSync(join(packageRoot, "scenarios", "machines", "summit.json"), "utf8")) as Tree;
  change(machine);
  return machine;
}

/** Misspelt key, wrong unit, negative size, unit written the wrong way. */
export function misspelt(): Tree {
  return summitWith((machine) => {
    const node = machine["node"] as Tree;
    const { injection, ...rest } = node;
    machine["node"] = { ...rest, injecton: injection, hostLink: { bandwidth: "-5 GB/s" } };
    machine["fabric"] = { ...(machine["fabric"] as Tree), latency: "1.5 GB" };
    machine["fileSystem"] = { ...(machine["fileSystem"] as Tree), read: "2.5 TBps" };
  });
}

export const badBytes: Record<string, { make: () => string | Uint8Array; expected: object }> = {
  "an empty file": { make: () => "", expected: { code: "not-json", hint: "the file is empty" } },
  "10 MB": { make: () => `{"title": "${"x".repeat(10 * 2 ** 20)}"}`, expected: { code: "wrong-value", expected: "a document of at most 2 MiB" } },
  "invalid JSON": { make: () => "{\n  \"id\": \"x\",\n  \"title\": oops\n}", expected: { code: "not-json" } },
  "NaN in JSON": { make: () => "{\"nodes\": NaN}", expected: { code: "not-json" } },
  "binary": { make: () => Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0, 1]), expected: { code: "not-json", hint: "the bytes are not UTF-8 text" } },
  "UTF-16": { make: () => Buffer.from("{\"id\": \"x\"}", "utf16le"), expected: { code: "not-json" } },
  "deep nesting": { make: () => "[".repeat(100_000) + "]".repeat(100_000), expected: { got: "values nested more than 64 deep" } },
  "a text": { make: () => "\"summit\"", expected: { got: "\"summit\"", expected: "an object, the document" } },
};

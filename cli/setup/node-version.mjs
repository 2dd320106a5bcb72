// First thing any command does: is this Node new enough? The floor is the one package.json states.
// Written in syntax that Node 12 reads, and the rest is loaded only afterwards, so that an old Node gets this
// message and not a syntax error.
import { readFileSync } from "fs";

function readFloor() {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return manifest.engines.node.replace(/^>=\s*/, "");
}

/** The message for a Node that is too old, or "" when it will do. Versions are dotted numbers without a "v". */
export function describeOldNode(found, floor) {
  const have = found.split(".").map(Number);
  const want = floor.split(".").map(Number);
  for (let place = 0; place < want.length; place += 1) {
    const difference = (have[place] || 0) - want[place];
    if (difference > 0) return "";
    if (difference < 0) {
      return (
        "exatwin needs Node " + floor + " or newer; this is Node " + found + " (" + process.execPath + ").\n" +
        "Take a newer one from https://nodejs.org/en/download, or on Debian from the nodejs package of a newer release."
      );
    }
  }
  return "";
}

/** Loads and runs `load().main()` on a Node that will do; otherwise says why not and fails. */
export function runOnSupportedNode(load, onRefusal) {
  const problem = describeOldNode(process.versions.node, readFloor());
  if (problem !== "") {
    console.error(problem);
    process.exitCode = 1;
    if (onRefusal) onRefusal();
    return Promise.resolve();
  }
  return load().then(function runMain(loaded) {
    return loaded.main(process.argv.slice(2));
  });
}

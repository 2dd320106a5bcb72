// Is what was made still made from what is there? A stamp in .cache/setup keeps two keys of the inputs:
// a quick one (path, size, time of change), which costs a stat per file, and the hash of the contents, looked at only when
// the quick one differs, so that a fresh checkout or a touched file rebuilds nothing.
// Misleads only where a file changes while keeping both its size and its time to the microsecond.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files under the given files and folders, as paths relative to the root, sorted. Absent ones are left out. */
export function listFiles(root, entries, accepts = () => true) {
  const found = [];
  const visit = (path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isDirectory()) for (const name of readdirSync(join(root, path))) visit(`${path}/${name}`);
    else if (accepts(path)) found.push({ path, key: `${path} ${stats.size} ${stats.mtimeMs}` });
  };
  for (const entry of entries) visit(entry);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function hash(parts) {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

const quickKey = (files, extra) => hash([extra, ...files.map((file) => file.key)]);
const contentKey = (root, files, extra) => hash([extra, ...files.flatMap(({ path }) => [path, readFileSync(join(root, path))])]);
const stampPath = (root, name) => join(root, ".cache", "setup", `${name}.json`);

function readStamp(root, name) {
  try {
    return JSON.parse(readFileSync(stampPath(root, name), "utf8"));
  } catch {
    return undefined;
  }
}

/** Both keys of the inputs as they are now: take them before making, so that an edit meanwhile is seen next time. */
export function takeKeys(root, files, extra = "") {
  return { quick: quickKey(files, extra), content: contentKey(root, files, extra) };
}

/** Written whole or not at all: another process may be reading it. */
export function writeStamp(root, name, keys) {
  const path = stampPath(root, name);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(keys)}\n`);
  renameSync(draft, path);
}

/** True when the stamp was written for these inputs. `extra` is any other text that the result depends on. */
export function isStampFresh(root, name, files, extra = "") {
  const stamp = readStamp(root, name);
  if (stamp === undefined) return false;
  const quick = quickKey(files, extra);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentKey(root, files, extra)) return false;
  try {
    writeStamp(root, name, { quick, content: stamp.content });
  } catch {
    // A checkout that cannot be written is still fresh; it only pays for the contents each time.
  }
  return true;
}

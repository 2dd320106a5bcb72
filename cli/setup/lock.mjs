// One set-up at a time per checkout: the folder .cache/setup.lock exists while one runs; the others wait.
// The holder touches it every second; a lock that nobody has touched for a while was left by a killed process and is
// taken over. Leaves out: file systems whose clocks differ from this machine's by more than that while.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const untouched_ms = 30_000;

function isAbandoned(folder) {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (Date.now() - stats.mtimeMs > untouched_ms) return true;
  try {
    const owner = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
    if (owner.host !== hostname()) return false;
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    // ESRCH: that process is gone. Anything else (file not written yet, not ours to signal) means it may be alive.
    return error.code === "ESRCH";
  }
}

function tryTake(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(folder, "owner.json"), JSON.stringify({ pid: process.pid, host: hostname() }));
  return true;
}

/** Moved aside before it is deleted, so that of two waiters only one removes it. */
function removeLock(folder) {
  const aside = `${folder}.${process.pid}.${Date.now()}`;
  try {
    renameSync(folder, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

function isOurs(folder) {
  try {
    const owner = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
    return owner.pid === process.pid && owner.host === hostname();
  } catch {
    return false;
  }
}

/** Runs `work` while holding the lock of this checkout. */
export async function withSetupLock(root, out, work) {
  const folder = join(root, ".cache", "setup.lock");
  mkdirSync(join(root, ".cache"), { recursive: true });
  for (let told = false; !tryTake(folder); told = true) {
    if (isAbandoned(folder)) {
      removeLock(folder);
      continue;
    }
    if (!told) out.write("set-up  waiting for another set-up of this folder to end\n");
    await sleep(200);
  }
  const touch = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(folder, now, now);
    } catch {
      // Taken over while this process was stopped: nothing left to touch.
    }
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    if (isOurs(folder)) removeLock(folder);
  }
}

// Starts other programs: with their output kept (shown only if they fail) or passed through.
// Never through a shell, so that paths with spaces need no quoting. Kept output is plain: some programs colour it
// even when nobody looks.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end. `code` is null when a signal ended it; `missing` when there is no such program.
 * A signal that asks this process to end reaches the child first; this process follows when the child is gone.
 */
export function runProgram(program, args, { cwd, env = process.env, show = false }) {
  return new Promise((resolve) => {
    const flow = show ? "inherit" : "pipe";
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", flow, flow] });
    const chunks = [];
    let asked;
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    const forward = (signal) => {
      asked = signal;
      child.kill(signal);
    };
    for (const signal of endingSignals) process.on(signal, forward);
    const finish = (result) => {
      for (const signal of endingSignals) process.off(signal, forward);
      if (asked !== undefined) process.kill(process.pid, asked);
      else resolve({ output: stripVTControlCharacters(Buffer.concat(chunks).toString("utf8")), ...result });
    };
    child.on("error", (error) => finish({ code: null, signal: null, missing: error.code === "ENOENT", output: error.message }));
    child.on("close", (code, signal) => finish({ code, signal, missing: false }));
  });
}

/** The file of an installed package's command, to be run with this very Node. */
export function commandOf(root, packageName, command) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/** Runs an installed package's command from the root of the checkout. */
export function runCommand(root, packageName, command, args, options = {}) {
  return runProgram(process.execPath, [commandOf(root, packageName, command), ...args], { cwd: root, ...options });
}

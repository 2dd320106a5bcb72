// A browser that really starts, for the browser tests. It is started once and remembered; where none starts, root on
// Debian installs Debian's, and anybody else is told the command. Tests never skip for want of a browser.
import { existsSync, readFileSync, statSync } from "node:fs";
import { browserLaunchOptions, chooseBrowser } from "./browser.mjs";
import { runProgram } from "./child.mjs";
import { isStampFresh, takeKeys, writeStamp } from "./stamp.mjs";
import { StepError } from "./step.mjs";

/** Starts the browser, shows it a page, and returns what went wrong, or "". */
export async function tryBrowser(root) {
  try {
    const { chromium } = await import("playwright-core");
    const running = await chromium.launch(await browserLaunchOptions(root));
    try {
      const page = await running.newPage();
      await page.setContent("<p>ready</p>");
      const text = await page.textContent("p");
      return text === "ready" ? "" : `it shows ${text} instead of a page`;
    } finally {
      await running.close();
    }
  } catch (error) {
    return error.message;
  }
}

function isDebian() {
  return existsSync("/usr/bin/apt-get") && existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

const aptCommands = [
  ["apt-get", "update"],
  ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
];

async function installBrowser() {
  let output = "";
  for (const [program, ...args] of aptCommands) {
    const result = await runProgram(program, args, { cwd: "/", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    output += result.output;
    if (result.code !== 0) return output;
  }
  return "";
}

const machine = { tryBrowser, isDebian, installBrowser, isRoot: () => process.getuid?.() === 0 };

/** `world` stands in for the machine in tests. Returns once a browser starts; throws a StepError that says what to do. */
export async function ensureBrowser(root, announce, world = machine) {
  const problem = await world.tryBrowser(root);
  if (problem === "") return;
  const commands = aptCommands.map((words) => words.join(" ")).join(" && ");
  if (!world.isDebian()) {
    throw new StepError("No browser starts here. Install Chromium or Chrome, or set CHROME to one, and run this again.", problem);
  }
  if (!world.isRoot()) throw new StepError(`No browser starts here. As root: ${commands}`, problem);
  announce("none starts: apt-get install chromium");
  const failure = await world.installBrowser();
  if (failure !== "") throw new StepError(`No browser starts here, and this failed: ${commands}`, `${problem}\n${failure}`);
  const still = await world.tryBrowser(root);
  if (still !== "") throw new StepError("The browser that apt-get installed does not start either.", still);
}

// The program itself is some 200 MB: its size and time of change stand for its contents.
function describeFile(path) {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

const nameOf = ({ path, origin }) => (origin === "package" ? "Chromium from the package @sparticuz/chromium" : path);

export const browser = {
  name: "browser",
  async run({ root, announce }) {
    const known = chooseBrowser(root, process.env);
    if (existsSync(known.path) && isStampFresh(root, "browser", [], describeFile(known.path))) return nameOf(known);
    announce("starting one to see");
    await ensureBrowser(root, announce);
    const chosen = chooseBrowser(root, process.env);
    writeStamp(root, "browser", takeKeys(root, [], describeFile(chosen.path)));
    return nameOf(chosen);
  },
};

// Which Chromium the tests drive: $CHROME, else the system's, else the one inside the npm package @sparticuz/chromium,
// unpacked into .cache/. That package brings its own libraries and a font, but hands them out only where it
// believes itself on its home platform (AWS_EXECUTION_ENV), and its font settings name a fixed folder: hence a process
// of its own for unpacking and font settings of our own.
// Leaves out: processors other than x64, for which the package holds nothing; those need a system browser.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./child.mjs";
import { StepError } from "./step.mjs";

export const systemBrowsers = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">cache</cachedir>
</fontconfig>
`;

const unpackScript = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function unpackedFolder(root) {
  const manifest = join(root, "node_modules", "@sparticuz", "chromium", "package.json");
  return join(root, ".cache", `chromium-${JSON.parse(readFileSync(manifest, "utf8")).version}`);
}

/** The browser to use: {path, env, origin}; `origin` is "CHROME", "system" or "package". The last may still be packed. */
export function chooseBrowser(root, env, candidates = systemBrowsers) {
  if (env.CHROME) {
    if (!isExecutable(env.CHROME)) throw new StepError(`CHROME is set to ${env.CHROME}, which is not a program that can be run.`);
    return { path: env.CHROME, env, origin: "CHROME" };
  }
  const system = candidates.find(isExecutable);
  if (system !== undefined) return { path: system, env, origin: "system" };
  const folder = unpackedFolder(root);
  const libraries = [join(folder, "al2023", "lib"), env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return {
    path: join(folder, "chromium"),
    env: { ...env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, "fonts"), HOME: env.HOME ?? folder },
    origin: "package",
  };
}

/** Unpacks the packaged browser, whole or not at all. */
export async function unpackBrowser(root) {
  const folder = unpackedFolder(root);
  if (existsSync(join(folder, "chromium"))) return;
  const draft = `${folder}-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
  const result = await runProgram(process.execPath, ["--input-type=module", "--eval", unpackScript], { cwd: root, env });
  if (result.code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new StepError("The packaged browser cannot be unpacked.", result.output);
  }
  writeFileSync(join(draft, "fonts", "fonts.conf"), fontSettings);
  if (existsSync(join(folder, "chromium"))) rmSync(draft, { recursive: true, force: true });
  else renameSync(draft, folder);
}

/** What playwright's launch() takes to start that browser. */
export async function browserLaunchOptions(root, env = process.env) {
  const browser = chooseBrowser(root, env);
  if (browser.origin === "package") await unpackBrowser(root);
  return { executablePath: browser.path, env: browser.env, headless: true };
}

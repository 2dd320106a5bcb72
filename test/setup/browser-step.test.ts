import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureBrowser, type BrowserWorld } from "../../cli/setup/browser-step.mjs";
import { chooseBrowser } from "../../cli/setup/browser.mjs";

const missing = "error while loading shared libraries: libnspr4.so";

/** A machine on which a browser starts only after apt-get has run, if then. */
function makeWorld(more: Partial<BrowserWorld> & { cured?: boolean } = {}) {
  let installed = false;
  const world: BrowserWorld = {
    tryBrowser: async () => (installed && more.cured !== false ? "" : missing),
    installBrowser: async () => {
      installed = true;
      return "";
    },
    isDebian: () => true,
    isRoot: () => true,
    ...more,
  };
  return { world, wasInstalled: () => installed };
}

describe("a browser that does not start", () => {
  it("is replaced by Debian's when root asks", async () => {
    const { world, wasInstalled } = makeWorld();
    const said: string[] = [];
    await ensureBrowser("", (text) => said.push(text), world);
    expect(wasInstalled()).toBe(true);
    expect(said.join()).toContain("apt-get install chromium");
  });

  it("is told with the exact command when not root, and nothing is installed", async () => {
    const { world, wasInstalled } = makeWorld({ isRoot: () => false });
    const command = "apt-get update && apt-get install --yes --no-install-recommends chromium";
    await expect(ensureBrowser("", () => {}, world)).rejects.toMatchObject({ message: expect.stringContaining(command), output: missing });
    expect(wasInstalled()).toBe(false);
  });

  it("is told elsewhere, and nothing is installed", async () => {
    const { world, wasInstalled } = makeWorld({ isDebian: () => false });
    await expect(ensureBrowser("", () => {}, world)).rejects.toThrow("set CHROME");
    expect(wasInstalled()).toBe(false);
  });

  it("fails when the installation fails or does not help", async () => {
    await expect(ensureBrowser("", () => {}, makeWorld({ installBrowser: async () => "no network" }).world)).rejects.toMatchObject({ output: expect.stringContaining("no network") });
    await expect(ensureBrowser("", () => {}, makeWorld({ cured: false }).world)).rejects.toThrow("does not start either");
  });
});

it("a browser that starts is left alone", async () => {
  const { world, wasInstalled } = makeWorld({ tryBrowser: async () => "" });
  await ensureBrowser("", () => {}, world);
  expect(wasInstalled()).toBe(false);
});

describe("the choice of browser", () => {
  let root = "";
  const program = (name: string) => join(root, name);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "exatwin browser "));
    for (const name of ["mine", "system"]) {
      writeFileSync(program(name), "");
      chmodSync(program(name), 0o755);
    }
    mkdirSync(join(root, "node_modules", "@sparticuz", "chromium"), { recursive: true });
    writeFileSync(join(root, "node_modules", "@sparticuz", "chromium", "package.json"), `{"version": "1.2.3"}`);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is CHROME before the system's before the packaged one", () => {
    const system = [program("absent"), program("system")];
    expect(chooseBrowser(root, { CHROME: program("mine") }, system)).toMatchObject({ path: program("mine"), origin: "CHROME" });
    expect(chooseBrowser(root, { CHROME: "" }, system)).toMatchObject({ path: program("system"), origin: "system" });
    expect(chooseBrowser(root, {}, [program("absent")])).toMatchObject({ path: join(root, ".cache", "chromium-1.2.3", "chromium"), origin: "package" });
  });

  it("refuses a CHROME that cannot be run rather than taking another", () => {
    expect(() => chooseBrowser(root, { CHROME: program("absent") }, [program("system")])).toThrow(/CHROME is set to .*absent/);
    expect(() => chooseBrowser(root, { CHROME: root }, [program("system")])).toThrow(/CHROME is set/);
  });

  it("gives only the packaged one its own libraries, before any that are set", () => {
    expect(chooseBrowser(root, { LD_LIBRARY_PATH: "/opt/lib" }, [program("system")]).env).toEqual({ LD_LIBRARY_PATH: "/opt/lib" });
    const { env } = chooseBrowser(root, { LD_LIBRARY_PATH: "/opt/lib" }, []);
    expect(env["LD_LIBRARY_PATH"]).toMatch(/chromium-1\.2\.3\/al2023\/lib:\/opt\/lib$/);
  });
});

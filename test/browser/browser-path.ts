/** The browser of the tests, chosen as the set-up chooses it. It fails where there is none: a browser test never skips for that. */
import { chromium, type Browser } from "playwright-core";
import { browserLaunchOptions } from "../../cli/setup/browser.mjs";
import { root } from "../../cli/setup/root.mjs";

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(await browserLaunchOptions(root));
}

// How the page is bundled: no outside addresses, no inlined files, so that it runs under a strict content policy and offline.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL("web/client", import.meta.url)),
  build: {
    outDir: "../../dist/web/client",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  worker: { format: "es" },
});

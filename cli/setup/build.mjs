// npm run build: the set-up of npm start, without the start.
import { runOnSupportedNode } from "./node-version.mjs";

runOnSupportedNode(() => import("./run-build.mjs"));

// npm start: set up, then print the flagship table and serve the page. PORT and HOST are read by `serve`.
import { runOnSupportedNode } from "./node-version.mjs";

runOnSupportedNode(() => import("./run-start.mjs"));

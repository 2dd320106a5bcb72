// npm test: set up, check types and lint, run every test, and end with one line of counts.
import { runOnSupportedNode } from "./node-version.mjs";

runOnSupportedNode(
  () => import("./run-test.mjs"),
  () => console.log("0 passed, 1 failed"),
);

// node cli/setup/run-native.mjs: builds native/ and says what was built and what was left out. Exit code 1 when it cannot.
import { root } from "./root.mjs";
import { native } from "./native.mjs";
import { setUp } from "./steps.mjs";

const { failed } = await setUp([native], { root, out: process.stdout });
if (failed.length > 0) process.exitCode = 1;

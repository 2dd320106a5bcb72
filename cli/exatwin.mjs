#!/usr/bin/env node
// The command `exatwin` of a checkout: compiles first if the sources changed since the last time (told on stderr),
// then hands over to the command line in dist/.
import { runOnSupportedNode } from "./setup/node-version.mjs";

runOnSupportedNode(() => import("./setup/run-command.mjs"));

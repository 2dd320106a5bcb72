/** The rooms of docs/checks.md in their order. A new room is a file and its line here. */
import { asynchronyChecks } from "./asynchrony.ts";
import { auroraChecks } from "./aurora.ts";
import { energyChecks } from "./energy.ts";
import { ioChecks } from "./io.ts";
import { reliabilityChecks } from "./reliability.ts";
import { stragglerChecks } from "./stragglers.ts";
import type { CheckRoom } from "./types.ts";

export const checkRooms: readonly CheckRoom[] = [ioChecks, reliabilityChecks, energyChecks, stragglerChecks, asynchronyChecks, auroraChecks];

/** Strategies of staging side by side, for a scenario: what the page draws and the command line lists. */
import type { StagingRace } from "../prediction-input.ts";
import type { Scenario } from "../scenario.ts";
import { prepare } from "./prepare.ts";
import { stagingRace } from "./staging.ts";

export const stagingRaceOf = (scenario: Scenario): StagingRace => stagingRace(prepare(scenario, "leave-one-series-out"));

/** What leaves the timeline page as a file: a trace, the simulation, a picture or the numbers of a panel, each with the command that repeats it. */
import { version } from "../../../package.json";
import { chromeTrace } from "../../../model/simulate/chrome-trace.ts";
import type { Panel } from "../views/panel.ts";
import type { TimelineScene } from "../views/timeline-panels.ts";
import { saveFile, shortHash } from "../widgets/export.ts";
import { savePanelCsv, savePanelSvg } from "../widgets/panel-tools.ts";
import { questionOf, simulateCommand } from "./state.ts";

export interface TakeAway {
  trace(): void;
  json(): void;
  svg(id: string): void;
  csv(id: string): void;
}

export function createTakeAway(sceneNow: () => TimelineScene | null, panels: ReadonlyMap<string, Panel>, head: () => string): TakeAway {
  const withScene = (act: (scene: TimelineScene) => void) => {
    const scene = sceneNow();
    if (scene) act(scene);
  };
  const nameOf = ({ outcome: { simulation }, state }: TimelineScene) => `exatwin-timeline-${simulation.devices}-${shortHash(JSON.stringify(questionOf(state)))}`;
  const about = ({ outcome: { simulation }, state }: TimelineScene) => [
    `exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${simulateCommand(state, simulation.devices)}`,
    `Simulated, not measured: draw ${simulation.recorded.draw} of ${simulation.draws_s.length}, seed ${simulation.seed}.`,
  ];
  return {
    trace: () => withScene((scene) => saveFile(`${nameOf(scene)}.trace.json`, "application/json", `${JSON.stringify(chromeTrace(scene.outcome.simulation))}\n`)),
    json: () => withScene((scene) => saveFile(`${nameOf(scene)}.json`, "application/json", `${JSON.stringify({ about: about(scene), ...scene.outcome.simulation }, null, 2)}\n`)),
    svg: (id) => withScene((scene) => savePanelSvg(panels.get(id), `${nameOf(scene)}-${id}`, head(), about(scene))),
    csv: (id) => withScene((scene) => savePanelCsv(panels.get(id), `${nameOf(scene)}-${id}`, [head(), ...about(scene)])),
  };
}

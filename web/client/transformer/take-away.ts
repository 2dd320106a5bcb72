/** What leaves the transformer page: link, command, prediction, a panel's picture or numbers, each with what it shows, version, date and address. */
import { version } from "../../../package.json";
import type { Panel } from "../views/panel.ts";
import { saveFile, shortHash } from "../widgets/export.ts";
import { copyText } from "../widgets/page-frame.ts";
import { savePanelCsv, savePanelSvg } from "../widgets/panel-tools.ts";
import type { TransformerPicture } from "./protocol.ts";
import { encodeTransformerState, transformerCommand, type TransformerState } from "./state.ts";

interface Shown {
  readonly state: TransformerState;
  readonly picture: TransformerPicture;
  readonly title: string;
  readonly subtitle: string;
}

export interface TakeAway {
  link(): void;
  command(): void;
  json(): void;
  svg(id: string): void;
  csv(id: string): void;
}

export function createTakeAway(shownNow: () => Shown | null, panels: () => ReadonlyMap<string, Panel> | undefined, say: (message: string) => void): TakeAway {
  const withShown = (act: (shown: Shown) => void) => {
    const shown = shownNow();
    if (shown) act(shown);
  };
  const addressOf = ({ state }: Shown) => encodeTransformerState({ ...state, tables: [], theme: "system" });
  const nameOf = (shown: Shown, id: string) => `exatwin-${shown.picture.selection.workload}-${shown.picture.selection.machine}-${id}-${shortHash(addressOf(shown))}`;
  const commandOf = ({ state, picture }: Shown) => transformerCommand(state, picture);
  const about = (shown: Shown) => [`exatwin ${version}, ${new Date().toISOString().slice(0, 10)}: ${shown.title}`, shown.subtitle, `Command: ${commandOf(shown)}`, `Address: ?${addressOf(shown)}`];
  const copy = (text: string, what: string) => copyText(text, what, say);
  return {
    link: () => copy(location.href, "The link"),
    command: () => withShown((shown) => copy(commandOf(shown), "The command")),
    json: () => withShown((shown) => saveFile(`${nameOf(shown, "prediction")}.json`, "application/json", `${JSON.stringify({ about: about(shown), command: commandOf(shown), ...shown.picture.prediction }, null, 2)}\n`)),
    svg: (id) => withShown((shown) => savePanelSvg(panels()?.get(id), nameOf(shown, id), shown.title, about(shown))),
    csv: (id) => withShown((shown) => savePanelCsv(panels()?.get(id), nameOf(shown, id), about(shown))),
  };
}

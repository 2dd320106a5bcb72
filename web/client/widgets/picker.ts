/** The picker: a run of the library, or machine, workload, plan and stack composed freely. */
import type { Library } from "../../../model/scenario.ts";
import { missingKernels } from "../data/kernel-constants.ts";
import { hasInterconnect } from "../data/network-words.ts";
import { h } from "../dom.ts";
import type { State } from "../state.ts";
import { openDialog } from "./dialogs.ts";

const parts = ["machine", "workload", "plan", "stack"] as const;

interface Raw {
  title?: unknown;
  year?: unknown;
  points?: unknown;
  note?: unknown;
}

const rawOf = (library: Library, kind: keyof Library["documents"], id: string): Raw => (library.documents[kind]?.[id] ?? {}) as Raw;
const titleOf = (library: Library, kind: keyof Library["documents"], id: string): string => {
  const { title } = rawOf(library, kind, id);
  return typeof title === "string" ? title : id;
};

/** What a machine lacks before it can be predicted, and what can be had of it meanwhile. */
export function lacksKernels(library: Library, machine: string): Array<Node | string> {
  const device = missingKernels(library, machine);
  if (device === null) return [];
  return [h("strong", {}, `${titleOf(library, "machine", machine)}: no kernel constants of ${device}. `), "They say how fast a device runs each layer, and are fitted to its benchmarks in a calibration document. Without them a network of layers cannot be predicted here.",
    ...(hasInterconnect(library.documents.machine[machine]) ? [" ", h("a", { href: `/?view=network&machine=${encodeURIComponent(machine)}` }, "Its network can be drawn"), "."] : [])];
}

export function openPicker(library: Library, subject: State["subject"], choose: (subject: State["subject"]) => void): void {
  const list = h("ul", { class: "picker-list" });
  const filter = h("input", { type: "search", class: "field", placeholder: "machine, workload or run", "aria-label": "Search runs", autofocus: true });
  const none = h("p", { class: "note" }, "No run has these words. Compose one below from a machine, a workload, a plan and a stack.");
  const pick = (chosen: State["subject"]) => {
    dialog.close();
    choose(chosen);
  };
  const runs = Object.keys(library.documents.run ?? {}).toSorted();
  const fill = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = runs.filter((id) => words.every((word) => `${id} ${titleOf(library, "run", id)} ${JSON.stringify(library.documents.run[id])}`.toLowerCase().includes(word)));
    none.hidden = found.length > 0;
    list.replaceChildren(...found.map((id) => {
      const raw = rawOf(library, "run", id);
      const points = Array.isArray(raw.points) ? raw.points.length : 0;
      const current = "run" in subject && subject.run === id;
      return h("li", {}, h("button", { type: "button", class: "picker-run", "aria-current": current ? "true" : null, onclick: () => pick({ run: id }) },
        h("strong", {}, titleOf(library, "run", id)), h("span", {}, `${typeof raw.year === "number" ? `${raw.year} · ` : ""}${points} published ${points === 1 ? "point" : "points"}`), h("code", {}, id)));
    }));
  };
  filter.addEventListener("input", fill);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      const first = list.querySelector("button");
      if (event.key === "Enter") first?.click();
      else first?.focus();
    }
  });
  list.addEventListener("keydown", (event) => {
    const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + direction];
    (next ?? filter).focus();
  });

  const now = ("run" in subject ? (library.documents.run[subject.run] ?? {}) : subject) as Record<string, unknown>;
  const menus = parts.map((kind) => {
    const ids = Object.keys(library.documents[kind] ?? {}).toSorted();
    const option = (id: string) => h("option", { value: id, selected: now[kind] === id }, titleOf(library, kind, id));
    const [ready, others] = [ids.filter((id) => kind !== "machine" || missingKernels(library, id) === null), ids.filter((id) => kind === "machine" && missingKernels(library, id) !== null)];
    const menu = h("select", { class: "field", id: `compose-${kind}` }, ...ready.map(option), others.length > 0 ? h("optgroup", { label: "device without kernel constants" }, ...others.map(option)) : null);
    if (now[kind] === undefined && ready[0] !== undefined) menu.value = ready[0];
    return { kind, menu };
  });
  const form = h("form", { class: "compose" }, ...menus.map(({ kind, menu }) => h("label", {}, h("span", {}, kind.charAt(0).toUpperCase() + kind.slice(1)), menu)), h("button", { type: "submit", class: "button strong" }, "Compose"));
  const warning = h("p", { class: "note", role: "status" });
  const warn = (): void => warning.replaceChildren(...lacksKernels(library, menus[0]?.menu.value ?? ""));
  menus[0]?.menu.addEventListener("change", warn);
  warn();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = (kind: (typeof parts)[number]) => menus.find((one) => one.kind === kind)?.menu.value ?? "";
    pick({ machine: value("machine"), workload: value("workload"), plan: value("plan"), stack: value("stack") });
  });
  fill();
  const dialog = openDialog("Choose a scenario", "picker", filter, list, none, h("h3", {}, "Or compose one"), h("p", { class: "note" }, "A machine, a workload, a plan and a stack that nobody ran together: predicted, with nothing published beside it."), form, warning);
  filter.focus();
}

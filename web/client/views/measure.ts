/** Measuring the machine of the server: what will run and for how long, how it goes on, its end. The job lives on the server, so a reload of the page finds it again. */
import { cancelJob, readJob, readJobs, startJob } from "../calibrate/library.ts";
import { h, replaceKeepingFocus } from "../dom.ts";
import { count } from "../format.ts";
import { showSi } from "../data/si.ts";
import { problemNote } from "../widgets/problems.ts";
import type { Job, JobMode, JobsAnswer } from "../../shared/calibration-api.ts";
import type { Problem } from "../../../model/problems.ts";
import { segments } from "./panel.ts";

export interface MeasureView {
  element: HTMLElement;
  start(): void;
}

export interface MeasureActions {
  /** It wrote calibrations. */
  finished(calibrations: readonly string[]): void;
  say(text: string): void;
}

type Wish = { mode: "quick" | "full"; id: string; parts: readonly string[] };

const isRunning = (job: Job | null) => job !== null && (job.state === "running" || job.state === "cancelling");
const partNames: Readonly<Record<string, string>> = { cpu: "processor", memory: "memory", io: "storage", torch: "PyTorch", net: "network", gpu: "accelerator" };

const rowsOf = (rows: number): string => `${count(rows)} ${rows === 1 ? "row" : "rows"}`;

export function showSeconds(time_s: number): string {
  const whole = Math.round(time_s);
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

export function createMeasureView(actions: MeasureActions): MeasureView {
  const title = h("h2", { class: "panel-title", id: "measure-title" });
  const subtitle = h("p", { class: "panel-subtitle" });
  const body = h("div", { class: "panel-body" });
  const element = h("section", { class: "panel", id: "measure", "aria-labelledby": "measure-title" }, title, subtitle, body);
  let told: JobsAnswer | null = null;
  let job: Job | null = null;
  let problems: readonly Problem[] = [];
  let wish: Wish = { mode: "quick", id: "this-host", parts: [] };
  let watching = false;

  const draw = () => {
    if (told === null) {
      title.textContent = problems.length > 0 ? "The server does not answer" : "Measure this machine";
      subtitle.textContent = "";
      replaceKeepingFocus(body, problems.length > 0 ? problemNote(problems, false, null) : null);
      return;
    }
    if (job !== null && isRunning(job)) drawRunning(job);
    else drawIdle(told);
  };

  function drawIdle({ allowed, reason, suite }: JobsAnswer): void {
    title.textContent = "Measure this machine";
    if (!allowed) {
      subtitle.textContent = "";
      replaceKeepingFocus(body, h("p", { class: "state-note" }, `Not from this page: ${reason ?? "the server does not allow it"}.`));
      return;
    }
    const parts = [...new Set(suite.map(({ part }) => part))];
    const chosen = suite.filter(({ part, quick_s }) => (wish.parts.length === 0 || wish.parts.includes(part)) && (wish.mode === "full" || quick_s !== null));
    const estimate_s = chosen.reduce((sum, { quick_s, full_s }) => sum + (wish.mode === "full" ? full_s : (quick_s ?? 0)), 0);
    subtitle.textContent = "The machine that serves this page. Close other programs first: what they do to it is measured too.";
    const change = (next: Partial<Wish>) => {
      wish = { ...wish, ...next };
      draw();
    };
    const name = h("input", { class: "field", id: "measure-name", "data-key": "measure-name", value: wish.id, spellcheck: "false", autocomplete: "off", onchange: (event: Event) => change({ id: (event.target as HTMLInputElement).value.trim() || "this-host" }) });
    const toggle = (part: string) => {
      const on = wish.parts.includes(part);
      return h("button", { type: "button", class: "chip-toggle", "data-key": `part:${part}`, "aria-pressed": String(on), onclick: () => change({ parts: on ? wish.parts.filter((one) => one !== part) : [...wish.parts, part] }) }, partNames[part] ?? part);
    };
    replaceKeepingFocus(body,
      problems.length > 0 ? problemNote(problems, false, null) : null,
      job === null ? null : lastWords(job),
      h("div", { class: "measure-form" }, segments("How long", [["quick", "quick"], ["full", "full"]] as const, wish.mode, (mode) => change({ mode })), h("label", { for: "measure-name" }, "Name ", name)),
      h("div", { class: "measure-parts", role: "group", "aria-label": "Parts" }, ...parts.map(toggle), h("span", { class: "what-if" }, wish.parts.length === 0 ? "all parts" : "only these")),
      h("div", { class: "measure-go" }, h("button", { type: "button", class: "button strong", "data-key": "measure-start", onclick: () => void begin() }, "Measure"), h("span", {}, `${count(chosen.length)} benchmarks, about ${showSeconds(estimate_s)}; what cannot run is named`)));
  }

  function lastWords(last: Job): HTMLElement {
    const rows = `${rowsOf(last.rows)}${last.noisy > 0 ? `, ${count(last.noisy)} while other work ran` : ""}`;
    if (last.state === "done") return h("p", { class: "measure-last" }, h("strong", {}, `${last.name} is measured`), ` in ${showSeconds(last.elapsed_s)}: ${rows}. It is shown here.`);
    if (last.state === "cancelled") return h("p", { class: "measure-last" }, h("strong", {}, "Cancelled"), ` after ${showSeconds(last.elapsed_s)}: ${rows} ${last.rows === 1 ? "stays" : "stay"} in the file; `, h("code", {}, "exatwin calibrate --resume"), " goes on.");
    return h("div", {}, h("p", { class: "measure-last" }, h("strong", { class: "bad-words" }, "The measurement failed"), ` after ${showSeconds(last.elapsed_s)}: ${rows}.`), last.problems.length > 0 ? problemNote(last.problems, false, null) : null);
  }

  function drawRunning(now: Job): void {
    const { total, done, current, left_s, elapsed_s, estimate_s, rows, noisy } = now;
    title.textContent = current ? `Measuring ${now.name}: ${done + 1} of ${total ?? "–"}, ${current.label}` : now.state === "cancelling" ? "Cancelling: programs are ended, links taken down" : `Measuring ${now.name}: getting ready`;
    subtitle.textContent = `${showSeconds(elapsed_s)} so far${left_s === null ? "" : `, about ${showSeconds(left_s)} to the end`}; ${rowsOf(rows)}${noisy > 0 ? `, ${count(noisy)} while other work ran` : ""}`;
    const share = estimate_s === null || left_s === null || estimate_s === 0 ? 0 : 1 - left_s / estimate_s;
    const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
    const seen = now.latest.map((row) => h("tr", {}, h("td", {}, `${row.benchmark} `, h("span", { class: "case" }, Object.values(row.case).join(", "))), h("td", { class: "number" }, showSi(row.median_s, "s")), h("td", { class: row.quiet ? "number" : "number assumed-words" }, row.quiet ? "quiet" : "other work")));
    replaceKeepingFocus(body,
      h("div", { class: "measure-bar", role: "progressbar", "aria-label": "Measurement", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent }, h("i", { style: `width: ${percent}%` })),
      h("div", { class: "measure-go" }, h("button", { type: "button", class: "button", "data-key": "measure-cancel", ...(now.state === "cancelling" ? { disabled: true } : {}), onclick: () => void cancel() }, "Cancel"), h("span", {}, "Rows are written as they come; a reload of this page changes nothing.")),
      seen.length === 0 ? null : h("table", { class: "data" }, h("caption", { class: "visually-hidden" }, "Newest rows"), h("tbody", {}, ...seen)),
      now.notes.length === 0 ? null : h("ul", { class: "measure-notes" }, ...now.notes.slice(-4).map((note) => h("li", {}, note))));
  }

  async function begin(): Promise<void> {
    const answer = await startJob({ mode: wish.mode as JobMode, id: wish.id, ...(wish.parts.length > 0 ? { parts: [...wish.parts] } : {}) });
    problems = answer.problems ?? [];
    if (answer.value) {
      job = answer.value.job;
      actions.say(`Measuring ${job.name}`);
    }
    draw();
    if (answer.value === undefined) return;
    void watch();
    body.querySelector<HTMLElement>('[data-key="measure-cancel"]')?.focus();
  }

  async function cancel(): Promise<void> {
    const answer = await cancelJob();
    problems = answer.problems ?? [];
    if (answer.value) job = answer.value.job;
    draw();
  }

  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    while (isRunning(job)) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const answer = await readJob();
      if (answer.value) job = answer.value.job;
      else {
        problems = answer.problems;
        told = null;
        job = null;
      }
      if (!isRunning(job) && job !== null) {
        actions.say(job.state === "done" ? `${job.name} is measured` : `The measurement ended: ${job.state}`);
        if (job.state === "done") actions.finished(job.calibrations);
      }
      draw();
    }
    watching = false;
  }

  draw();
  return {
    element,
    start() {
      void readJobs().then((answer) => {
        told = answer.value ?? null;
        problems = answer.problems ?? [];
        job = answer.value?.job ?? null;
        draw();
        void watch();
      });
    },
  };
}

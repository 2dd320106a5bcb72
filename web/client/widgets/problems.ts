/** What is wrong with an input: where, what was found, what is expected, and what to do. The former result stays. */
import type { Problem } from "../../../model/problems.ts";
import { h } from "../dom.ts";

export function problemNote(problems: readonly Problem[], hasResult: boolean, wayOut: { name: string; act: () => void } | null): HTMLElement {
  const list = problems.map((problem) => h("li", {}, h("code", {}, problem.path), `: got ${problem.got}, expected ${problem.expected}`, problem.hint ? h("span", { class: "hint" }, ` ${problem.hint}`) : null));
  return h("section", { class: "problems", role: "alert" }, h("strong", {}, problems.length === 1 ? "One input is wrong." : `${problems.length} inputs are wrong.`), hasResult ? " What is shown is the last result that could be computed." : "", h("ul", {}, ...list),
    wayOut ? h("button", { type: "button", class: "link", onclick: wayOut.act }, wayOut.name) : null);
}

/** Arrows, Home and End walk the marks of a chart; one mark of each chart is in the tab order. `place`: the attribute by which series are level with each other. */
export function walkMarks(view: HTMLElement, place: string, enter: (mark: SVGElement) => boolean): void {
  view.addEventListener("keydown", (event) => {
    const mark = (event.target as Element).closest<SVGElement>(".mark");
    if (mark === null || event.metaKey || event.ctrlKey || event.altKey) return;
    const chart = mark.closest(".panel");
    const marks = [...(chart?.querySelectorAll<SVGElement>(".mark") ?? [])];
    const series = mark.getAttribute("data-series");
    const own = marks.filter((other) => other.getAttribute("data-series") === series);
    const names = [...new Set(marks.map((other) => other.getAttribute("data-series")))];
    const rows = mark.classList.contains("row");
    const step = (by: number) => own[own.indexOf(mark) + by];
    const other = (by: number) => {
      const name = names[(names.indexOf(series) + by + names.length) % names.length];
      const candidates = marks.filter((one) => one.getAttribute("data-series") === name);
      return candidates.find((one) => one.getAttribute(place) === mark.getAttribute(place)) ?? candidates.at(-1);
    };
    const target = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => (rows ? step(1) : other(1)), ArrowUp: () => (rows ? step(-1) : other(-1)), Home: () => own[0], End: () => own.at(-1) }[event.key];
    if (target) {
      event.preventDefault();
      target()?.focus();
    } else if (event.key === "Enter" && enter(mark)) event.preventDefault();
  });
}

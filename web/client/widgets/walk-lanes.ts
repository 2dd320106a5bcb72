/** Arrows walk the marks of lanes: left and right along a lane, up and down to what runs at the same time on the next; Enter chooses. */
export function walkLanes(panel: HTMLElement, choose: (key: string) => void): void {
  panel.addEventListener("keydown", (event) => {
    const mark = (event.target as Element).closest<SVGElement>(".mark");
    if (mark === null || event.metaKey || event.ctrlKey || event.altKey) return;
    const marks = [...panel.querySelectorAll<SVGElement>(".mark")];
    const laneOf = (one: SVGElement) => one.getAttribute("data-series");
    const own = marks.filter((one) => laneOf(one) === laneOf(mark));
    const lanes = [...new Set(marks.map(laneOf))];
    const step = (by: number) => own[own.indexOf(mark) + by];
    const time = Number(mark.getAttribute("data-start"));
    const beside = (by: number) => {
      const lane = lanes[lanes.indexOf(laneOf(mark)) + by];
      if (lane === undefined) return step(by);
      const distance = (one: SVGElement) => Math.abs(Number(one.getAttribute("data-start")) - time);
      return marks.filter((one) => laneOf(one) === lane).reduce<SVGElement | undefined>((best, one) => (best === undefined || distance(one) < distance(best) ? one : best), undefined);
    };
    const target = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => beside(1), ArrowUp: () => beside(-1), Home: () => own[0], End: () => own.at(-1) }[event.key];
    if (target) {
      event.preventDefault();
      target()?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(mark.getAttribute("data-key") ?? "");
    }
  });
}

/** What must hold of every page at every width: no two texts of a chart overlap, none leaves its frame, nothing is wider than the window. */

/** Runs in the page: every text of every chart against every other and against the frame of its chart. */
export function checkTexts() {
  const overlapping: string[] = [];
  const outside: string[] = [];
  let texts = 0;
  const charts = [...document.querySelectorAll(".panel-body > svg")];
  for (const chart of charts) {
    const place = chart.closest(".panel")?.id;
    const frame = chart.getBoundingClientRect();
    const boxes = [...chart.querySelectorAll("text")].filter((text) => text.textContent !== "").map((text) => ({ words: text.textContent ?? "", box: text.getBoundingClientRect() }));
    texts += boxes.length;
    boxes.forEach(({ words, box }, index) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) outside.push(`${place}: "${words}"`);
      for (const other of boxes.slice(index + 1)) {
        // A line box is taller than its letters: two pixels of it above and below are empty.
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) - 4;
        if (across > 0.5 && down > 0.5) overlapping.push(`${place}: "${words}" and "${other.words}"`);
      }
    });
  }
  for (const figure of document.querySelectorAll<HTMLElement>(".figure, .data td, .data th, .knob, .panel-title")) {
    const { right } = figure.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(figure);
    if (range.getBoundingClientRect().right > right + 1) outside.push(`${figure.className || figure.tagName}: "${figure.textContent}"`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  return { overlapping, outside, texts, charts: charts.length, tooWide_px: Math.max(0, scrollWidth - clientWidth), paper: getComputedStyle(document.body).backgroundColor };
}

/** Keys of the transformer page, as its list shows them. */
export const keyList: ReadonlyArray<readonly [key: string, what: string]> = [
  ["[ ]", "fewer or more GPUs"],
  ["Left, Right, Up, Down, Home, End", "in a chart: walk the marks; Enter takes a number of GPUs or a plan"],
  ["w, s, a, d, 0", "pipeline: zoom in and out, left and right, the whole step; the wheel and drags do the same"],
  ["Backspace", "takes the last change back"],
  ["g, x", "search every plan; stop it"],
  ["o", "open a config.json"],
  ["c", "copy the command that prints the same"],
  ["t", "tables instead of charts; in a panel, of that panel"],
  ["e", "save the chart in focus (or the terms) as SVG; Shift E as CSV"],
  ["Shift D", "light, dark, as the system"],
  ["?", "this list"],
  ["Esc", "close what is open"],
];

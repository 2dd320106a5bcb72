/** DeepBench result sheets as rows: convolutions by pass, and matrix products. The grammar is read in ../deepbench.ts. */
import { deepbench } from "../deepbench.ts";
import { given } from "../json.ts";
import { wholeTextReader } from "../text.ts";

export const deepbenchReader = wholeTextReader({
  id: "deepbench",
  title: "DeepBench: convolutions and matrix products, saved as csv",
  accepts: deepbench.accepts,
  read(text, _name, emit) {
    const table = deepbench.read(text);
    for (const { line, shape, pass, time_s, application } of table.convolutions) {
      const [height, width] = shape.inSize;
      const [filterHeight, filterWidth] = shape.kernel;
      const size = given<string | number>({ batch: shape.batch, inChannels: shape.inChannels, outChannels: shape.outChannels, height, width, filterHeight, filterWidth, stride: shape.stride, pass, precision: table.precision || undefined, application: application || undefined });
      emit({ line, benchmark: "convolution", case: size, values: { time_s } });
    }
    for (const { line, m, n, k, time_s } of table.products) emit({ line, benchmark: "matrix-product", case: given<string | number>({ m, n, k, precision: table.precision || undefined }), values: { time_s } });
    return {
      facts: given({ precision: table.precision || undefined }),
      asks: [{ key: "device", expected: "what computed" }],
      documents: [],
      excluded: [...table.excluded, ...table.notRead.filter(({ rows }) => rows > 0).map(({ block, rows }) => ({ rule: `not-read: ${block}`, count: rows }))],
      problems: table.problems,
    };
  },
});

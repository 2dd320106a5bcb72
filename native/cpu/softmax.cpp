// Softmax of rows in FP32: largest element, exponentials and their sum, division; three passes over a row, the last two of which find it in a cache.
// Loops of our own with the processor's widest vectors. Leaves out masks and the gradient.
#include "cpu/row-work.hpp"

namespace {
using namespace exatwin;

double expected(const float* row, long columns, long column) {
  double most = row[0], sum = 0;
  for (long at = 0; at < columns; ++at) most = std::fmax(most, row[at]);
  for (long at = 0; at < columns; ++at) sum += std::exp(row[at] - most);
  return std::exp(row[column] - most) / sum;
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv);
  const auto kernel = [](const float* in, float* out, long columns) EXATWIN_LOOP {
    float most = in[0], sum = 0;
#pragma omp simd reduction(max : most)
    for (long at = 0; at < columns; ++at) most = in[at] > most ? in[at] : most;
#pragma omp simd reduction(+ : sum)
    for (long at = 0; at < columns; ++at) {
      out[at] = exponential(in[at] - most);
      sum += out[at];
    }
    const float scale = 1 / sum;
#pragma omp simd
    for (long at = 0; at < columns; ++at) out[at] *= scale;
  };
  // Attention over 128 and 1,024 tokens; classes of a large vocabulary.
  runRowWork(options, RowWork<decltype(kernel)>{"softmax", kernel, expected, 0}, options.pick<std::vector<long>>({128, 1024, 32768}, {128, 1024}, {64}));
}

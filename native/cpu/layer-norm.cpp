// Layer normalisation of rows in FP32: mean, variance around it, scale and shift; three passes over a row, the last two of which find it in a cache.
// Loops of our own with the processor's widest vectors. Leaves out the gradient, and storing mean and deviation for it.
#include "cpu/row-work.hpp"

namespace {
using namespace exatwin;
constexpr float epsilon = 1e-5f;
constexpr long mostColumns = 4096;
alignas(64) float scales[mostColumns], shifts[mostColumns];

double expected(const float* row, long columns, long column) {
  double mean = 0, variance = 0;
  for (long at = 0; at < columns; ++at) mean += row[at] / double(columns);
  for (long at = 0; at < columns; ++at) variance += (row[at] - mean) * (row[at] - mean) / double(columns);
  return (row[column] - mean) / std::sqrt(variance + 1e-5) * scales[column] + shifts[column];
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv);
  for (long at = 0; at < mostColumns; ++at) scales[at] = 1 + 0.125f * scatter(at), shifts[at] = 8 + 0.125f * scatter(at + 99);
  const auto kernel = [](const float* in, float* out, long columns) EXATWIN_LOOP {
    float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
    for (long at = 0; at < columns; ++at) sum += in[at];
    const float mean = sum / float(columns);
#pragma omp simd reduction(+ : squares)
    for (long at = 0; at < columns; ++at) squares += (in[at] - mean) * (in[at] - mean);
    const float scale = 1 / __builtin_sqrtf(squares / float(columns) + epsilon);
#pragma omp simd
    for (long at = 0; at < columns; ++at) out[at] = (in[at] - mean) * scale * scales[at] + shifts[at];
  };
  // Widths of transformers.
  runRowWork(options, RowWork<decltype(kernel)>{"layer-norm", kernel, expected, 8}, options.pick<std::vector<long>>({256, 1024, mostColumns}, {256, 1024}, {64}));
}

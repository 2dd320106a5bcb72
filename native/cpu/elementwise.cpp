// Element-wise work in FP32, one pass over arrays: sum of two, multiply-add with a constant, ReLU and GELU (by tanh), by size and threads. Loops of our
// own with the processor's widest vectors, stores through the caches; bytes are those that must move, without what a store reads before it writes.
// Leaves out broadcasting and the way that frameworks cut work into pieces (native/pytorch has it).
#include "cpu/array-sizes.hpp"
#include "cpu/cases.hpp"
#include "cpu/loops.hpp"
#include "cpu/sample.hpp"
#include "cpu/threads.hpp"

namespace {
using namespace exatwin;
constexpr float factor = 0.75f;

struct Arrays {
  const float *a, *b;
  float* out;
};

EXATWIN_LOOP inline float gelu(float x) { return x / (1 + exponential(-1.5957691216f * (x + 0.044715f * x * x * x))); }

struct Operation {
  std::string name;
  double each_bytes;
  std::function<void(Team&, const Arrays&, long)> run;
  std::function<double(double, double)> expected;
};

/** `one`: element of a, element of b -> element of out. */
template <class One> auto loopOver(const One& one) {
  return [one](Team& team, const Arrays& arrays, long count) {
    shareOut(team, count, 16, [=](long from, long to) EXATWIN_LOOP {
      const float *a = arrays.a, *b = arrays.b;
      float* out = arrays.out;
#pragma omp simd
      for (long at = from; at < to; ++at) out[at] = one(a, b, at);
    });
  };
}

std::vector<Operation> listOperations() {
  const auto exactGelu = [](double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); };
  return {
      {"add", 12, loopOver([](const float* a, const float* b, long at) EXATWIN_LOOP { return a[at] + b[at]; }), [](double a, double b) { return a + b; }},
      {"multiply-add", 12, loopOver([](const float* a, const float* b, long at) EXATWIN_LOOP { return factor * a[at] + b[at]; }), [](double a, double b) { return double(factor) * a + b; }},
      {"relu", 8, loopOver([](const float* a, const float*, long at) EXATWIN_LOOP { return a[at] > 0 ? a[at] : 0; }), [](double a, double) { return a > 0 ? a : 0; }},
      {"gelu", 8, loopOver([](const float* a, const float*, long at) EXATWIN_LOOP { return gelu(a[at]); }), [=](double a, double) { return exactGelu(a); }},
  };
}

void run(const Operation& operation, const Arrays& arrays, long count, int threads, const Repeats& repeats) {
  Team team(threads);
  const auto check = [&] {
    Numbers numbers(5);
    for (int sample = 0; sample < 18; ++sample) {
      const size_t at = sample == 16 ? 0 : sample == 17 ? size_t(count - 1) : numbers.below(size_t(count));
      const double expected = operation.expected(arrays.a[at], arrays.b[at]);
      if (!(std::fabs(arrays.out[at] - expected) <= 2e-6 * std::fmax(1, std::fabs(expected)))) fail(operation.name + " at " + std::to_string(at) + ": got " + std::to_string(arrays.out[at]) + ", expected " + std::to_string(expected));
    }
  };
  std::fill_n(arrays.out, count, NAN);
  measure(repeats, "elementwise", Json().text("operation", operation.name).number("elements", double(count)).number("threads", threads), {0, operation.each_bytes * double(count)},
          [&] { operation.run(team, arrays, count); }, check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv);
  const std::vector<int> counts = threadCounts(options, int(usableCpus().size()));
  // Sizes by the two arrays of ReLU: 16 KiB at least.
  const std::vector<long> sizes = listSizes(options, "elementwise", 2048, 8);
  Floats a, b, out;
  {
    Team team(*std::max_element(counts.begin(), counts.end()));
    a = makeFloats(team, sizes.back(), [](long at) EXATWIN_LOOP { return scatter(at); });
    b = makeFloats(team, sizes.back(), [](long at) EXATWIN_LOOP { return scatter(at + 12345); });
    out = makeFloats(team, sizes.back(), [](long) EXATWIN_LOOP { return 0.0f; });
  }
  const Arrays arrays = {a.get(), b.get(), out.get()};
  const std::vector<Operation> operations = listOperations();
  std::vector<Case> cases;
  for (const int threads : counts)
    for (const long size : sizes)
      for (const Operation& operation : operations)
        cases.push_back({operation.name + " of " + std::to_string(size) + " elements by " + std::to_string(threads) + " threads", [=, &operation](const Repeats& repeats) { run(operation, arrays, size, threads, repeats); }});
  runCases(options, "elementwise", 14, cases);
}

// Memory bandwidth by working set and threads: the four kernels of STREAM (J. McCalpin, 1995): copy c = a, scale b = s c, add c = a + b, triad a = b + s c, in
// doubles. Work counts each array once, as STREAM does: what a store reads before it writes is not counted. Non-temporal stores are not forced. GCC at -O3
// turns copy into memcpy, which writes past the caches once a part is large beside the last one; scale, add and triad store through the caches and move
// half (scale) or a third (add, triad) more than is counted. STREAM compiled alike (-O3, same vectors) becomes the same loops; compilers that write past
// the caches by themselves reach more. The widest vectors are used where a thread's part fits its L2 cache, 256 bits beyond: on Cascade Lake 512 bits get
// a tenth less out of main memory. Left out: STREAM's barrier between passes, where several passes make one sample.
#include "cpu/cases.hpp"
#include "cpu/threads.hpp"
#include "memory/crew.hpp"
#include "memory/working-sets.hpp"

namespace {
using namespace exatwin;
constexpr double factor = 3;

struct Arrays {
  double *out, *x, *y;
  long count;
};

using Loop = void (*)(double*, const double*, const double*, long);

struct Kernel {
  std::string name;
  int arrays;
  Loop wide, narrow;
  double (*of)(double x, double y);
};

// One function per vector width; `of` is what the kernel does to one element of each array. Parameters that do not overlap let the compiler see a copy as one.
template <double (*of)(double, double)> __attribute__((target("avx512f"))) void loop512(double* __restrict__ out, const double* __restrict__ x, const double* __restrict__ y, long count) {
  for (long at = 0; at < count; ++at) out[at] = of(x[at], y[at]);
}
template <double (*of)(double, double)> __attribute__((target("avx2,fma"))) void loop256(double* __restrict__ out, const double* __restrict__ x, const double* __restrict__ y, long count) {
  for (long at = 0; at < count; ++at) out[at] = of(x[at], y[at]);
}
template <double (*of)(double, double)> void loopPlain(double* __restrict__ out, const double* __restrict__ x, const double* __restrict__ y, long count) {
  for (long at = 0; at < count; ++at) out[at] = of(x[at], y[at]);
}

template <double (*of)(double, double)> Kernel makeKernel(const char* name, int arrays) {
  const bool has256 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const Loop narrow = has256 ? loop256<of> : loopPlain<of>;
  return {name, arrays, __builtin_cpu_supports("avx512f") ? loop512<of> : narrow, narrow, of};
}

__attribute__((always_inline)) inline double copy(double x, double) { return x; }
__attribute__((always_inline)) inline double scale(double x, double) { return factor * x; }
__attribute__((always_inline)) inline double add(double x, double y) { return x + y; }
__attribute__((always_inline)) inline double triad(double x, double y) { return x + factor * y; }

/** Whole numbers below 2^20: every result is exact. */
double valueAt(long index, uint32_t seed) { return double((uint32_t(index) + 1000003 * seed) * 2654435761u >> 12); }

void run(const Kernel& kernel, Crew& crew, double bytes, const Repeats& repeats) {
  const int threads = crew.team.size;
  // Whole lines, so that threads do not share one and no array begins inside one.
  const long count = std::max(8L, long(bytes / 8 / kernel.arrays / threads) / 8 * 8);
  const auto arraysOf = [&](int thread) {
    double* begin = reinterpret_cast<double*>(crew.of(thread));
    return Arrays{begin, begin + count, kernel.arrays == 3 ? begin + 2 * count : begin + count, count};
  };
  crew.team.run([&](int thread) {
    const Arrays arrays = arraysOf(thread);
    for (long at = 0; at < count; ++at) arrays.out[at] = -1;
    for (long at = 0; at < count; ++at) arrays.x[at] = valueAt(at, uint32_t(thread));
    if (kernel.arrays == 3)
      for (long at = 0; at < count; ++at) arrays.y[at] = valueAt(at, 77 + uint32_t(thread));
  });
  std::vector<long> wrong(size_t(threads), 0);
  const auto check = [&] {
    crew.team.run([&](int thread) {
      const Arrays arrays = arraysOf(thread);
      long count_wrong = 0;
      for (long at = 0; at < count; ++at) count_wrong += arrays.out[at] != kernel.of(valueAt(at, uint32_t(thread)), valueAt(at, 77 + uint32_t(thread)));
      wrong[size_t(thread)] = count_wrong;
    });
    for (const long one : wrong)
      if (one > 0) fail(kernel.name + ": " + std::to_string(one) + " of " + std::to_string(count) + " elements of a thread");
  };
  const bool fits = bytes / threads <= double(sysconf(_SC_LEVEL2_CACHE_SIZE));
  const Loop loop = fits ? kernel.wide : kernel.narrow;
  measurePasses(repeats, "stream", Json().text("kernel", kernel.name).number("bytes", bytes).number("threads", threads), {0, 8.0 * kernel.arrays * double(count) * threads}, crew,
                [&](int thread) {
                  const Arrays arrays = arraysOf(thread);
                  loop(arrays.out, arrays.x, arrays.y, arrays.count);
                  // Passes with equal results are not to be merged.
                  asm volatile("" : : : "memory");
                },
                check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"only", "bytes"});
  const std::vector<int> counts = threadCounts(options, int(usableCpus().size()));
  std::vector<double> sets = listWorkingSets(options, "stream", {16384, 512.0 * 1048576, 8, 128.0 * 1048576});
  if (const double bytes = options.number("bytes", 0); bytes > 0) sets = {bytes};
  const std::vector<Kernel> kernels = {makeKernel<triad>("triad", 3), makeKernel<copy>("copy", 2), makeKernel<scale>("scale", 2), makeKernel<add>("add", 3)};
  const std::string only = options.get("only", "");
  if (!only.empty() && std::none_of(kernels.begin(), kernels.end(), [&](const Kernel& kernel) { return kernel.name == only; })) {
    std::fprintf(stderr, "%s: --only %s is none of triad, copy, scale, add\n", argv[0], only.c_str());
    return 2;
  }
  std::unique_ptr<Crew> crew;
  std::vector<Case> cases;
  const auto add = [&](const Kernel& kernel, int threads) {
    for (const double bytes : sets)
      cases.push_back({kernel.name + " of " + std::to_string(long(bytes)) + " bytes by " + std::to_string(threads) + " threads", [=, &crew, &kernel, &sets](const Repeats& repeats) {
        if (!crew || crew->team.size != threads) {
          crew.reset();
          crew = std::make_unique<Crew>(threads, size_t(sets.back()) / size_t(threads) + 4096);
        }
        run(kernel, *crew, bytes, repeats);
      }});
  };
  // What is used most comes first, so that a run cut short has it.
  for (const bool first : {true, false})
    for (const int threads : counts)
      for (const Kernel& kernel : kernels)
        if ((kernel.name == "triad") == first && (only.empty() || only == kernel.name)) add(kernel, threads);
  runCases(options, "stream", 14, cases);
}

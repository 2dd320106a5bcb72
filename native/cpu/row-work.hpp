// Work on each row of a matrix by itself, in FP32: rows are shared out among threads, some lengths of rows by the number of rows.
#pragma once
#include <string>
#include <vector>

#include "cpu/array-sizes.hpp"
#include "cpu/cases.hpp"
#include "cpu/loops.hpp"
#include "cpu/sample.hpp"
#include "cpu/threads.hpp"

namespace exatwin {
/** `kernel`(in, out, columns) does a row; `expected`(row, columns, column) is one element of it in double. `extra_bytes`: what else is read, per column. */
template <class Kernel> struct RowWork {
  std::string benchmark;
  Kernel kernel;
  double (*expected)(const float* row, long columns, long column);
  double extra_bytes;
};

template <class Kernel> void runRows(const RowWork<Kernel>& work, const float* in, float* out, long rows, long columns, int threads, const Repeats& repeats) {
  Team team(threads);
  const auto call = [&] {
    shareOut(team, rows, 1, [=, kernel = work.kernel](long from, long to) EXATWIN_LOOP {
      for (long row = from; row < to; ++row) kernel(in + row * columns, out + row * columns, columns);
    });
  };
  const auto check = [&] {
    Numbers numbers(9);
    for (int sample = 0; sample < 18; ++sample) {
      const long row = sample == 16 ? 0 : sample == 17 ? rows - 1 : long(numbers.below(size_t(rows))), column = sample == 16 ? 0 : sample == 17 ? columns - 1 : long(numbers.below(size_t(columns)));
      const double expected = work.expected(in + row * columns, columns, column), got = out[row * columns + column];
      if (!(std::fabs(got - expected) <= 2e-5 * std::fabs(expected) + 2e-6 * std::fabs(in[row * columns + column])))
        fail(work.benchmark + " at " + std::to_string(row) + ", " + std::to_string(column) + ": got " + std::to_string(got) + ", expected " + std::to_string(expected));
    }
  };
  std::fill_n(out, rows * columns, NAN);
  const double bytes = 8.0 * double(rows) * double(columns) + work.extra_bytes * double(columns);
  measure(repeats, work.benchmark, Json().number("rows", double(rows)).number("columns", double(columns)).number("threads", threads), {0, bytes}, call, check);
}

template <class Kernel> void runRowWork(const Options& options, const RowWork<Kernel>& work, const std::vector<long>& lengths) {
  const std::vector<int> counts = threadCounts(options, int(usableCpus().size()));
  const std::vector<long> sizes = listSizes(options, work.benchmark, 4096, 8);
  Floats in, out;
  {
    Team team(*std::max_element(counts.begin(), counts.end()));
    in = makeFloats(team, sizes.back(), [](long at) EXATWIN_LOOP { return scatter(at); });
    out = makeFloats(team, sizes.back(), [](long) EXATWIN_LOOP { return 0.0f; });
  }
  std::vector<Case> cases;
  for (const int threads : counts)
    for (size_t at = 0; at < sizes.size(); ++at)
      for (const long columns : lengths) {
        const long size = sizes[at];
        // Every second size, and the last: each length of rows is a curve of its own.
        if (size < columns || (!options.quick && (sizes.size() - 1 - at) % 2 != 0)) continue;
        const std::string name = std::to_string(size / columns) + " rows of " + std::to_string(columns) + " by " + std::to_string(threads) + " threads";
        cases.push_back({name, [=, &work, data = in.get(), result = out.get()](const Repeats& repeats) { runRows(work, data, result, size / columns, columns, threads, repeats); }});
      }
  runCases(options, work.benchmark, 13, cases);
}
}  // namespace exatwin

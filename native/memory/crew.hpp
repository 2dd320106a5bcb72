// A team of pinned threads with memory of their own: pages that the thread which uses them has touched, so that on several NUMA nodes they lie near it.
// A sample is several passes in a row on every thread, so that it is long beside the clock and the start of the team; threads meet at its end only.
#pragma once
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <vector>

#include "common/measure.hpp"
#include "common/team.hpp"

namespace exatwin {
struct FreePages {
  void operator()(std::byte* data) const { std::free(data); }
};
using Pages = std::unique_ptr<std::byte, FreePages>;

/** Touched by the calling thread. Huge pages are asked for, not promised. */
inline Pages makePages(size_t bytes, bool huge = false) {
  constexpr size_t hugePage = size_t(2) << 20;
  const size_t unit = huge ? hugePage : 4096, whole = (bytes + unit - 1) / unit * unit;
  Pages pages(static_cast<std::byte*>(std::aligned_alloc(unit, whole)));
  if (!pages) throw std::bad_alloc();
  if (huge) madvise(pages.get(), whole, MADV_HUGEPAGE);
  std::memset(pages.get(), 1, whole);
  return pages;
}

class Crew {
 public:
  Crew(int threads, size_t each_bytes) : team(threads), memory(size_t(threads)) {
    team.run([&](int thread) { memory[size_t(thread)] = makePages(each_bytes); });
  }
  std::byte* of(int thread) const { return memory[size_t(thread)].get(); }
  Team team;

 private:
  std::vector<Pages> memory;
};

/** `pass(thread)`: one thread's part. The first pass touches caches and tables of pages and is not kept. */
template <class Pass> void measurePasses(const Repeats& repeats, const std::string& benchmark, const Json& facts, const Work& work, Crew& crew, const Pass& pass, const std::function<void()>& check) {
  constexpr double sample_s = 1e-4;
  long passes = 1;
  const std::function<void(int)> part = [&](int thread) {
    for (long turn = 0; turn < passes; ++turn) pass(thread);
  };
  const auto sample = [&] {
    const double start = now_s();
    crew.team.run(part);
    return now_s() - start;
  };
  Recorder recorder;
  recorder.begin();
  sample();
  // The start of the team is part of a short sample's time, so the count is taken from samples that are long enough already.
  for (double once_s = sample(); once_s < sample_s; once_s = sample()) passes = std::max(passes + 1, long(double(passes) * std::min(10.0, 1.2 * sample_s / once_s)));
  const double warm = now_s() + repeats.budget_s / 4;
  while (now_s() < warm) sample();
  const double end = now_s() + repeats.budget_s;
  for (int turn = 0; turn < repeats.most && (turn < repeats.least || now_s() < end); ++turn) {
    const long switches = countSwitches();
    const double time_s = sample();
    recorder.add(time_s / double(passes), countSwitches() > switches);
  }
  check();
  recorder.write(benchmark, facts, work, passes);
}
}  // namespace exatwin

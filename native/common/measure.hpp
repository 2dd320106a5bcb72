// Repeats a piece of work and writes one JSON line: what was run, what it did, the order statistics of its time, and whether the machine was quiet.
// A sample is `inner` calls in a row, so that it is long beside the clock (0.1 ms); its time is divided by them. Samples before the warm-up ends
// are not kept. quiet: CPU pressure below 10 % before and after, and at most one sample in five interrupted by the scheduler.
#pragma once
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "check.hpp"
#include "clock.hpp"
#include "json.hpp"
#include "pressure.hpp"
#include "statistics.hpp"

namespace exatwin {
/** What one call does: operations (2 per multiply-add) and bytes moved at least; 0 where it makes no sense. */
struct Work {
  double flop = 0;
  double bytes = 0;
};

/** Collects times where the loop is the benchmark's own, as with several ranks. */
class Recorder {
 public:
  void begin() { pressureBefore = cpuPressure(); }
  void add(double time_s, bool interrupted) {
    times_s.push_back(time_s);
    interruptions += interrupted ? 1 : 0;
  }
  /** Sets `quiet` by other evidence, where threads of the benchmark itself share a processor and so interrupt each other. */
  void judge(bool isQuiet) { judged = isQuiet ? 1 : 0; }
  /** Writes the line. `inner`: calls per sample. */
  void write(const std::string& benchmark, const Json& facts, const Work& work, long inner = 1) {
    if (times_s.empty()) fail(benchmark + ": no samples");
    const double pressure = std::max(pressureBefore, cpuPressure());
    const Summary s = summarise(times_s);
    const double share = double(interruptions) / double(s.count);
    Json json, amounts, times;
    times.number("min", s.min).number("p10", s.p10).number("median", s.median).number("p90", s.p90).number("max", s.max).number("mean", s.mean);
    if (work.flop > 0) amounts.number("flop", work.flop);
    if (work.bytes > 0) amounts.number("bytes", work.bytes);
    json.text("benchmark", benchmark).object("case", facts).object("work", amounts).object("time_s", times);
    json.number("count", double(s.count)).number("inner", double(inner)).number("interrupted", share);
    if (pressure >= 0) json.number("pressure", pressure);
    json.flag("quiet", judged >= 0 ? judged > 0 : share <= 0.2 && pressure < 10).flag("checked", true);
    std::printf("%s\n", json.str().c_str());
    std::fflush(stdout);
  }

 private:
  std::vector<double> times_s;
  double pressureBefore = -1;
  long interruptions = 0;
  int judged = -1;
};

struct Repeats {
  /** Time to spend on the samples of one case. */
  double budget_s;
  int least;
  int most;
};

inline Repeats repeatsFor(const Options& options) {
  return options.pick(Repeats{0.6, 7, 201}, Repeats{0.08, 5, 51}, Repeats{0.004, 3, 5});
}

/** `call` does the work once; `check` looks at its result after the last sample. */
inline void measure(const Repeats& repeats, const std::string& benchmark, const Json& facts, const Work& work, const std::function<void()>& call, const std::function<void()>& check) {
  Recorder recorder;
  recorder.begin();
  call();  // touches every page and lets libraries choose their kernel
  double start = now_s();
  call();
  const double once_s = std::max(now_s() - start, 1e-9);
  const long inner = once_s >= 1e-4 ? 1 : long(1e-4 / once_s) + 1;
  const double warm = now_s() + repeats.budget_s / 4;
  while (now_s() < warm) call();
  const double end = now_s() + repeats.budget_s;
  for (int sample = 0; sample < repeats.most && (sample < repeats.least || now_s() < end); ++sample) {
    const long switches = countSwitches();
    start = now_s();
    for (long turn = 0; turn < inner; ++turn) call();
    recorder.add((now_s() - start) / double(inner), countSwitches() > switches);
  }
  check();
  recorder.write(benchmark, facts, work, inner);
}

inline void measure(const Options& options, const std::string& benchmark, const Json& facts, const Work& work, const std::function<void()>& call, const std::function<void()>& check) {
  measure(repeatsFor(options), benchmark, facts, work, call, check);
}

inline void skip(const std::string& benchmark, const std::string& reason) {
  std::printf("%s\n", Json().text("benchmark", benchmark).text("skipped", reason).str().c_str());
  std::fflush(stdout);
  std::fprintf(stderr, "skipped %s: %s\n", benchmark.c_str(), reason.c_str());
}
}  // namespace exatwin

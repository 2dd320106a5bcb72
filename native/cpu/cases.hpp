// Shares the time of a program out among its cases, in order: what short cases leave goes to the later ones. When it is used up, the cases left are
// counted and told on one line. A case's own time is its repeats; making inputs and checking come out of what the later ones get.
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "common/measure.hpp"

namespace exatwin {
struct Case {
  std::string name;
  std::function<void(const Repeats&)> run;
};

/** Of the program. */
inline const double begin_s = now_s();

inline void runCases(const Options& options, const std::string& benchmark, double full_s, const std::vector<Case>& cases) {
  const Repeats usual = repeatsFor(options);
  const double end_s = begin_s + options.pick(full_s, 1.7, 0.35);
  for (size_t at = 0; at < cases.size(); ++at) {
    const double left_s = end_s - now_s();
    if (left_s <= 0 && at > 0 && !options.tiny) {
      const std::string count = std::to_string(cases.size() - at) + " of " + std::to_string(cases.size()) + " cases";
      skip(benchmark, count + ", from " + cases[at].name + " on: they would not end within the time allowed");
      return;
    }
    // The warm-up takes a quarter of the budget besides; the rest is for inputs and checks.
    const double share_s = left_s / double(cases.size() - at);
    cases[at].run({std::clamp(0.65 * share_s, 0.0, usual.budget_s), std::min(usual.least, options.quick ? 3 : 5), usual.most});
  }
}
}  // namespace exatwin

// One row of which every sample is the work on one name or file, timed by itself.
#pragma once
#include <functional>
#include <string>

#include "common/measure.hpp"

namespace exatwin {
/** `goesOn` is asked before each; `check` looks at what the work left, outside the time. */
inline void recordEach(const std::string& benchmark, const Json& facts, const Work& amounts, const std::function<bool(int)>& goesOn, const std::function<void(int)>& work, const std::function<void(int)>& check = {}) {
  Recorder recorder;
  recorder.begin();
  for (int index = 0; goesOn(index); ++index) {
    const long switches = countSwitches();
    const double start = now_s();
    work(index);
    recorder.add(now_s() - start, countSwitches() > switches);
    if (check) check(index);
  }
  recorder.write(benchmark, facts, amounts);
}
}  // namespace exatwin

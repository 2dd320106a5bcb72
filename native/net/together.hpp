// Times work that several ranks do together: a barrier before every sample, the time of a sample is that of the slowest rank, the result is
// checked on every rank. All ranks make the same choices, because rank 0 makes them. A case that would not fit into the time allowed is left out by name.
// Leaves out the skew of the barrier itself: ranks leave it up to one latency apart, which short calls hide by being timed many in a row.
#pragma once
#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/measure.hpp"
#include "net/foreign.hpp"

namespace exatwin {
/** On every rank alike: ends all of them with exit code 3. */
struct WrongResult : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** The ranks of a job, whatever library connects them. */
struct Group {
  int rank = 0;
  int size = 1;
  std::string link;
  /** The kernel's number of this rank's only processor, where all threads of the rank share it; else negative. */
  int cpu = -1;
  std::function<void()> barrier;
  /** Element-wise maximum over the ranks, in place. */
  std::function<void(double*, int)> maximum;
};

inline double maximumOf(const Group& group, double value) {
  group.maximum(&value, 1);
  return value;
}

/** Rank 0's value, on every rank. */
inline double told(const Group& group, double value) { return maximumOf(group, group.rank == 0 ? value : -1e300); }

inline void expectRight(const Group& group, const std::string& what, const std::string& fault) {
  if (!fault.empty()) std::fprintf(stderr, "rank %d: %s: %s\n", group.rank, what.c_str(), fault.c_str());
  if (maximumOf(group, fault.empty() ? 0 : 1) > 0) throw WrongResult(what);
}

/** Writes the samples of all ranks as one line, from rank 0: each sample's slowest rank, interrupted if any rank was. */
inline void writeTogether(const Group& group, Recorder& recorder, const ForeignTime& foreign, const std::string& benchmark, const Json& facts, const Work& work, std::vector<double> times_s, std::vector<double> interrupted, long inner) {
  group.maximum(times_s.data(), int(times_s.size()));
  group.maximum(interrupted.data(), int(interrupted.size()));
  for (size_t sample = 0; sample < times_s.size(); ++sample) recorder.add(times_s[sample], interrupted[sample] > 0);
  if (foreign.known()) recorder.judge(maximumOf(group, foreign.quiet() ? 0 : 1) == 0);
  if (group.rank == 0) recorder.write(benchmark, facts, work, inner);
}

/** Cases in rising order of bytes until a moment. */
class Sweep {
 public:
  Sweep(const Options& options, const Group& group, std::string benchmark, double until_s) : options(options), group(group), benchmark(std::move(benchmark)), until_s(until_s) {}

  /**
   * `call(turn)` does the work once, or `pieces` times one after the other (a round trip is two messages); the line is about one.
   * `check` does it once more with known data and returns what is wrong, or nothing. False if there was no time.
   */
  bool measure(double bytes, const Json& facts, const std::function<void(long)>& call, const std::function<std::string()>& check, int pieces = 1) {
    const Repeats repeats = repeatsFor(options);
    // A straight line through the two sizes before this one.
    const double forecast_s = 5 * (lastOnce_s + std::max(slope, 0.0) * (bytes - lastBytes));
    if (told(group, now_s() + forecast_s > until_s ? 1 : 0) > 0) {
      if (group.rank == 0 && !over) skip(benchmark, std::to_string(long(bytes)) + " bytes and more over " + group.link + ": they would not end within the time allowed (--seconds)");
      over = true;
      return false;
    }
    double least_s = timeOnce(call), once_s = least_s;
    // The first call opens windows and touches pages: of short ones four more are taken in its place.
    if (least_s < 0.05) {
      double sum_s = 0;
      for (int trial = 0; trial < 4; ++trial) {
        const double time_s = timeOnce(call);
        least_s = std::min(least_s, time_s), sum_s += time_s;
      }
      once_s = sum_s / 4;
    }
    least_s = std::max(least_s, 1e-9);
    slope = lastBytes > 0 ? (once_s - lastOnce_s) / (bytes - lastBytes) : 0;
    lastOnce_s = once_s, lastBytes = bytes;
    const long inner = least_s >= 1e-4 ? 1 : long(1e-4 / least_s) + 1;
    const int least = once_s > 0.1 ? 3 : repeats.least;
    const int count = std::clamp(int(repeats.budget_s / (once_s * double(inner))), least, repeats.most);
    const int warm = once_s > 0.05 ? 0 : std::max(1, count / 4);
    Recorder recorder;
    recorder.begin();
    const ForeignTime foreign(group.cpu);
    std::vector<double> times_s, interrupted;
    for (int sample = -warm; sample < count; ++sample) {
      group.barrier();
      const long switches = countSwitches();
      const double start = now_s();
      for (long turn = 0; turn < inner; ++turn) call(turn);
      const double time_s = (now_s() - start) / double(inner * pieces);
      if (sample < 0) continue;
      times_s.push_back(time_s);
      interrupted.push_back(countSwitches() > switches ? 1 : 0);
    }
    group.barrier();
    expectRight(group, benchmark + " of " + std::to_string(long(bytes)) + " bytes", check());
    writeTogether(group, recorder, foreign, benchmark, facts, {0, bytes}, times_s, interrupted, inner * pieces);
    return true;
  }

 private:
  double timeOnce(const std::function<void(long)>& call) {
    group.barrier();
    const double start = now_s();
    call(0);
    return maximumOf(group, now_s() - start);
  }
  const Options& options;
  const Group& group;
  const std::string benchmark;
  const double until_s;
  double lastOnce_s = 0, lastBytes = 0, slope = 0;
  bool over = false;
};
}  // namespace exatwin

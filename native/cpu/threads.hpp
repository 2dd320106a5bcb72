// How many threads the cases use, and the threads of a library's own pool bound one to a processor from outside, by the kernel's list of them.
#pragma once
#include <dirent.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/measure.hpp"
#include "common/team.hpp"

namespace exatwin {
/** 1 first, then the most, then powers of two between (left out by quick runs), so that a run cut short has what is used most. */
inline std::vector<int> threadCounts(const Options& options, int processors) {
  const int most = std::min(options.threads, processors);
  if (most < options.threads) std::fprintf(stderr, "%d threads instead of %d: no more processors\n", most, options.threads);
  std::vector<int> counts = {1};
  if (most > 1) counts.push_back(most);
  for (int count = 2; count < most && !options.quick; count *= 2) counts.push_back(count);
  return counts;
}

/** Binds every thread of the process but the calling one, in the order of their making, to the processors after the first; the calling one to the first. */
inline void bindOthers(const std::vector<int>& cpus) {
  std::vector<int> threads;
  if (DIR* folder = opendir("/proc/self/task")) {
    while (const dirent* entry = readdir(folder))
      if (const int thread = std::atoi(entry->d_name); thread > 0 && thread != gettid()) threads.push_back(thread);
    closedir(folder);
  }
  std::sort(threads.begin(), threads.end());
  pinTo(cpus[0]);
  for (size_t index = 0; index < threads.size(); ++index) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpus[(index + 1) % cpus.size()], &set);
    sched_setaffinity(threads[index], sizeof set, &set);
  }
}
}  // namespace exatwin

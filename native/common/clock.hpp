// Wall time, and the scheduler's count of times it took the processor away from this thread.
#pragma once
#include <sys/resource.h>
#include <time.h>

namespace exatwin {
inline double now_s() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

/** Involuntary context switches of all threads of the process since its start. */
inline long countSwitches() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nivcsw;
}
}  // namespace exatwin

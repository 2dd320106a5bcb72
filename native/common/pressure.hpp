// Whether the machine is quiet: the share of the last ten seconds in which some task waited for a processor
// (pressure stall information of Linux). -1 where the kernel does not tell.
#pragma once
#include <cstdio>

namespace exatwin {
inline double cpuPressure() {
  double share = -1;
  if (std::FILE* file = std::fopen("/proc/pressure/cpu", "r")) {
    if (std::fscanf(file, "some avg10=%lf", &share) != 1) share = -1;
    std::fclose(file);
  }
  return share;
}
}  // namespace exatwin

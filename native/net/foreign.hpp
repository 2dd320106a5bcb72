// Processor time that others took from this rank's processor: what /proc/stat counts as user, system and stolen time there, less this process's own.
// For programs whose threads share one processor by design: they take it from each other, so neither involuntary switches nor pressure says who did.
// /proc/stat counts in ticks of 10 ms: less than 20 ms cannot be told. Work of the kernel's network interrupts counts as nobody's.
#pragma once
#include <time.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "common/clock.hpp"

namespace exatwin {
class ForeignTime {
 public:
  /** `cpu`: the kernel's number of the processor this process is bound to; negative: unknown, then nothing is judged. */
  explicit ForeignTime(int cpu) : name("cpu" + std::to_string(cpu)), isKnown(cpu >= 0 && busy_s() >= 0), start_s(now_s()), startBusy_s(busy_s()), startOwn_s(own_s()) {}

  bool known() const { return isKnown; }
  /** At most 5 % of the time since the start went to others. */
  bool quiet() const { return busy_s() - startBusy_s - (own_s() - startOwn_s) <= 0.05 * (now_s() - start_s) + 0.02; }

 private:
  static double own_s() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
  }
  double busy_s() const {
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string first;
      double user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0;
      words >> first;
      if (first == name && words >> user >> nice >> system >> idle >> wait >> irq >> soft >> steal) return (user + nice + system + steal) / 100;
    }
    return -1;
  }
  const std::string name;
  const bool isKnown;
  const double start_s, startBusy_s, startOwn_s;
};
}  // namespace exatwin

// Working sets from what fits into a core's first cache to several times the last cache, by factors of two. Quick runs take four of them and end earlier.
// What the memory at hand or a quick run does not allow is told: the largest working set then says too much.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "common/arguments.hpp"

namespace exatwin {
struct SetRange {
  double least_bytes;
  /** Or as many times the last cache, whichever is more. */
  double most_bytes, lastCaches;
  double quick_bytes;
};

inline std::vector<double> listWorkingSets(const Options& options, const std::string& benchmark, const SetRange& range) {
  if (options.tiny) return {range.least_bytes, 8 * range.least_bytes};
  const double told = double(sysconf(_SC_LEVEL3_CACHE_SIZE)), cache_bytes = told > 0 ? told : 32.0 * 1048576;
  // Memory is shared with others: a quarter of what is free.
  const double free_bytes = double(sysconf(_SC_AVPHYS_PAGES)) * double(sysconf(_SC_PAGESIZE)) / 4;
  const double wanted_bytes = std::max(range.most_bytes, range.lastCaches * cache_bytes), most_bytes = std::min(options.quick ? range.quick_bytes : wanted_bytes, free_bytes);
  std::vector<double> sets = {range.least_bytes};
  while (2 * sets.back() <= most_bytes) sets.push_back(2 * sets.back());
  if (const double share = sets.back() / cache_bytes; share < 2)
    std::fprintf(stderr, "%s: the largest working set is %.2g times the last cache, for want of %s: part of it stays there\n", benchmark.c_str(), share, options.quick ? "time (--quick)" : "free memory");
  if (!options.quick || sets.size() < 4) return sets;
  const size_t last = sets.size() - 1;
  return {sets[0], sets[last / 3], sets[2 * last / 3], sets[last]};
}
}  // namespace exatwin

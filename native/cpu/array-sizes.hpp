// How large arrays are timed: from a start that fits into a core's cache, by factors of two, to several times the last cache, where nothing is left but
// memory. Quick runs take four of these sizes and end earlier. A cache too large for the memory at hand, or for a quick run, is told: the largest size then
// says too much.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "common/arguments.hpp"

namespace exatwin {
/** Of all cores together; 32 MiB where the system does not tell. */
inline double lastCache_bytes() {
  const long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  return bytes > 0 ? double(bytes) : 32.0 * 1048576;
}

/** `each_bytes`: all arrays together, per element. */
inline std::vector<long> listSizes(const Options& options, const std::string& benchmark, long least, double each_bytes) {
  if (options.tiny) return {least, 4 * least};
  // Memory is shared with others: a quarter of what is free.
  const double free_bytes = double(sysconf(_SC_AVPHYS_PAGES)) * double(sysconf(_SC_PAGESIZE));
  const double most_bytes = std::min(free_bytes / 4, (options.quick ? 160 : 2048) * 1048576.0), wanted = options.quick ? 1.5 : 3;
  std::vector<long> sizes = {least};
  while (double(sizes.back()) * each_bytes < wanted * lastCache_bytes() && 2 * double(sizes.back()) * each_bytes <= most_bytes) sizes.push_back(2 * sizes.back());
  const double share = double(sizes.back()) * each_bytes / lastCache_bytes();
  if (share < wanted) std::fprintf(stderr, "%s: the largest arrays are %.2g times the last cache, for want of %s: part of them stays in it\n", benchmark.c_str(), share, options.quick ? "time (--quick)" : "free memory");
  if (!options.quick || sizes.size() < 4) return sizes;
  const size_t last = sizes.size() - 1;
  return {sizes[0], sizes[last / 3], sizes[2 * last / 3], sizes[last]};
}
}  // namespace exatwin

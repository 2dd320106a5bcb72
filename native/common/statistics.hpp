// Order statistics of repeated times. Quantiles interpolate linearly between neighbours.
#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace exatwin {
inline double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * double(sorted.size() - 1);
  const size_t below = size_t(std::floor(at)), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - double(below)) * (sorted[above] - sorted[below]);
}

struct Summary {
  double min, p10, median, p90, max, mean;
  size_t count;
};

inline Summary summarise(std::vector<double> times_s) {
  std::sort(times_s.begin(), times_s.end());
  const double sum = std::accumulate(times_s.begin(), times_s.end(), 0.0);
  return {times_s.front(),        quantile(times_s, 0.1), quantile(times_s, 0.5),         quantile(times_s, 0.9),
          times_s.back(), sum / double(times_s.size()),    times_s.size()};
}
}  // namespace exatwin

// Inputs that the check can compute with exactly, and the comparison. Values are multiples of 1/16 of at most 8 bits, so that they are the same in
// FP32 and BF16 and, without the factor, in INT8, and sums of some thousand products are exact in FP32: what differs is the kernel's own rounding.
#pragma once
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "common/check.hpp"

namespace exatwin {
/** A small generator (xorshift); the same numbers in every run. */
class Numbers {
 public:
  explicit Numbers(uint32_t seed) : state(seed * 2654435761u + 1) {}
  uint32_t next() {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
  }
  size_t below(size_t limit) { return size_t(next()) % limit; }

 private:
  uint32_t state;
};

/** Whole numbers from `least` to `least` + 31, times `unit`. */
inline std::vector<float> makeValues(size_t count, uint32_t seed, int least = -16, float unit = 1.0f / 16) {
  Numbers numbers(seed);
  std::vector<float> values(count);
  for (float& value : values) value = float(int(numbers.next() >> 27) + least) * unit;
  return values;
}

/** A sum of products in double, with the size that its rounding errors scale with. */
struct Sum {
  double value = 0;
  double squares = 0;
  void add(double a, double b) {
    value += a * b;
    squares += a * b * a * b;
  }
};

/** `relative`: error allowed, of the larger of the sum and the root of its squared terms. */
inline void expectSum(const std::string& what, double got, const Sum& expected, double relative) {
  const double scale = std::fmax(std::fabs(expected.value), std::sqrt(expected.squares));
  if (!(std::fabs(got - expected.value) <= relative * scale)) fail(what + ": got " + std::to_string(got) + ", expected " + std::to_string(expected.value));
}

/** Of FP32: room for other orders of summing and for Winograd's transforms; of BF16: for one rounding of the result, and of transformed data. */
inline double allowedError(const std::string& precision) { return precision == "bf16" ? 1.0 / 128 : precision == "int8" ? 0 : 1e-4; }
}  // namespace exatwin

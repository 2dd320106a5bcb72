// Loops over arrays of floats by a team of threads, with the widest vectors of the processor. A body is a lambda marked EXATWIN_LOOP, which the compiler
// puts into one function per instruction set; programs with such loops are compiled with -fopenmp-simd, for their reductions.
// Pages are touched by the team that first asks, each thread its own part: on several NUMA nodes they stay there.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include "common/team.hpp"

#define EXATWIN_LOOP __attribute__((always_inline))

namespace exatwin {
namespace loops {
template <class Body> __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))) void run512(const Body& body, long from, long to) { body(from, to); }
template <class Body> __attribute__((target("avx2,fma"))) void run256(const Body& body, long from, long to) { body(from, to); }
template <class Body> void runPlain(const Body& body, long from, long to) { body(from, to); }
}  // namespace loops

/** body(from, to) on the calling thread. */
template <class Body> void runLoop(const Body& body, long from, long to) {
  static const bool has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  static const bool has256 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has512) loops::run512(body, from, to);
  else if (has256) loops::run256(body, from, to);
  else loops::runPlain(body, from, to);
}

/** body(from, to) over 0 to `count`, in parts of whole `grain`s, one for each thread. */
template <class Body> void shareOut(Team& team, long count, long grain, const Body& body) {
  const long grains = (count + grain - 1) / grain;
  team.run([&](int thread) {
    const long from = grains * thread / team.size * grain, to = std::min(count, grains * (thread + 1) / team.size * grain);
    if (from < to) runLoop(body, from, to);
  });
}

struct Release {
  void operator()(float* data) const { std::free(data); }
};
using Floats = std::unique_ptr<float[], Release>;

/** On pages of their own, filled by `value(index)`. */
template <class Value> Floats makeFloats(Team& team, long count, const Value& value) {
  const size_t bytes = (size_t(count) * sizeof(float) + 4095) / 4096 * 4096;
  Floats floats(static_cast<float*>(std::aligned_alloc(4096, bytes)));
  if (!floats) throw std::bad_alloc();
  float* data = floats.get();
  shareOut(team, count, 1024, [=](long from, long to) EXATWIN_LOOP {
    for (long at = from; at < to; ++at) data[at] = value(at);
  });
  return floats;
}

/** Values between -2 and 2 without a plain pattern. */
EXATWIN_LOOP inline float scatter(long index) { return float(uint32_t(index) * 2654435761u >> 8) * 0x1p-22f - 2.0f; }

/**
 * e to the power x, to some units in the last place, for vectors: 2^n e^r with n whole and |r| at most ln(2) / 2, e^r by its Taylor series to the 7th
 * power. For x from -1e6 to 1e6; n stays between -126 and 127.
 */
EXATWIN_LOOP inline float exponential(float x) {
  constexpr float toWhole = 12582912.0f;  // 1.5 * 2^23: what is added to it loses its fraction
  constexpr float coarse = 355.0f / 512;  // ln 2 to 9 bits: its products with n are exact
  const float n = (x * 1.44269504f + toWhole) - toWhole;
  const float r = (x - n * coarse) - n * float(0.6931471805599453 - coarse);
  const float series = 1 + r * (1 + r * (1.0f / 2 + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r * (1.0f / 720 + r * (1.0f / 5040)))))));
  return series * std::bit_cast<float>((std::clamp(int(n), -126, 127) + 127) << 23);
}
}  // namespace exatwin

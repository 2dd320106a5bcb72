// Peak rate of fused multiply-adds on registers alone, by vector width and threads. 16 chains of independent accumulators hide the latency
// (4 to 5 cycles, two units). The widest unit the processor names is used; the rate is what a kernel that never waits for memory reaches.
#include <immintrin.h>

#include <vector>

#include "common/measure.hpp"
#include "common/team.hpp"

namespace {
constexpr int chains = 16;
constexpr long rounds = 20000;

// One function per width: the compiler may use a width's instructions only inside a function that names it.
__attribute__((target("avx512f"))) float chain512(float factor, float addend) {
  const __m512 a = _mm512_set1_ps(factor), b = _mm512_set1_ps(addend);
  __m512 sum[chains];
  for (__m512& one : sum) one = _mm512_set1_ps(1.0f);
  for (long round = 0; round < rounds; ++round)
    for (__m512& one : sum) one = _mm512_fmadd_ps(one, a, b);
  float total = 0;
  for (const __m512& one : sum) total += _mm512_cvtss_f32(one);
  return total / chains;
}

__attribute__((target("avx2,fma"))) float chain256(float factor, float addend) {
  const __m256 a = _mm256_set1_ps(factor), b = _mm256_set1_ps(addend);
  __m256 sum[chains];
  for (__m256& one : sum) one = _mm256_set1_ps(1.0f);
  for (long round = 0; round < rounds; ++round)
    for (__m256& one : sum) one = _mm256_fmadd_ps(one, a, b);
  float total = 0;
  for (const __m256& one : sum) total += _mm256_cvtss_f32(one);
  return total / chains;
}
}  // namespace

int main(int argc, char** argv) {
  using namespace exatwin;
  const Options options = readOptions(argc, argv);
  const bool wide = __builtin_cpu_supports("avx512f");
  if (!wide && !__builtin_cpu_supports("fma")) {
    skip("fma-peak", "the processor has neither AVX-512 nor AVX2 with FMA");
    return 0;
  }
  const int lanes = wide ? 16 : 8;
  for (int threads = 1; threads <= options.threads; ++threads) {
    Team team(threads);
    std::vector<double> result(size_t(threads) * 16);
    // The factor and addend keep the value at 1: 1 * 0.5 + 0.5.
    const auto call = [&] { team.run([&](int thread) { result[size_t(thread) * 16] = wide ? chain512(0.5f, 0.5f) : chain256(0.5f, 0.5f); }); };
    const double flop = 2.0 * chains * double(rounds) * lanes * threads;
    measure(options, "fma-peak", Json().text("precision", "fp32").text("unit", wide ? "avx512" : "avx2").number("threads", threads), {flop, 0}, call,
            [&] { for (int thread = 0; thread < threads; ++thread) expectNear("fused multiply-add", result[size_t(thread) * 16], 1.0, 1e-6); });
  }
}

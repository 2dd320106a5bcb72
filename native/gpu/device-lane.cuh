// A thread of a device as the tiles see it: PTX of sm_80 for asynchronous copies, matrix loads and products with fp32 sums
// (PTX ISA: cp.async, ldmatrix, mma.sync.aligned.m16n8k16). Older devices compile without them; the host never starts a tensor tile there.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <type_traits>

#include "gpu/core-tile.hpp"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define EXATWIN_ON_SM80(...) __VA_ARGS__
#else
#define EXATWIN_ON_SM80(...) __trap()
#endif

namespace exatwin {
template <class Element> class DeviceLane {
 public:
  __device__ explicit DeviceLane(void* shared) : base(uint32_t(__cvta_generic_to_shared(shared))), floats(static_cast<float*>(shared)) {}
  __device__ int thread() const { return int(threadIdx.x); }
  __device__ float* sharedFloats() const { return floats; }
  __device__ void synchronise() const { __syncthreads(); }
  __device__ void storePair(float* to, float first, float second) const { *reinterpret_cast<float2*>(to) = make_float2(first, second); }

  __device__ void copyAsync(int to, const void* from) const {
    EXATWIN_ON_SM80(asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(base + uint32_t(to)), "l"(__cvta_generic_to_global(from)) : "memory"));
  }
  __device__ void commit() const { EXATWIN_ON_SM80(asm volatile("cp.async.commit_group;\n" ::: "memory")); }
  template <int groups> __device__ void awaitAllBut() const { EXATWIN_ON_SM80(asm volatile("cp.async.wait_group %0;\n" ::"n"(groups) : "memory")); }

  __device__ void loadMatrices(uint32_t (&to)[4], int from) const {
    EXATWIN_ON_SM80(asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];\n"
                                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                                 : "r"(base + uint32_t(from))
                                 : "memory"));
  }

  __device__ void multiply(float (&sum)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) const {
    if constexpr (sizeof(Element) == 2) {
      if constexpr (std::is_same_v<Element, __half>)
        EXATWIN_ON_SM80(asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};\n"
                                     : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
                                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1)));
      else
        EXATWIN_ON_SM80(asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};\n"
                                     : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
                                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1)));
    }
  }

 private:
  uint32_t base;
  float* floats;
};
}  // namespace exatwin

// One block's share of C = A B^T in fp32 without tensor cores: a 128 x 128 tile by 256 threads, 8 x 8 sums each, A (m x k) and B (n x k) by rows.
// Two slices of 8 columns of A and B in shared memory, transposed so that a thread reads four successive values at once; while one is used the
// next one is on its way through registers. m and n are multiples of 128, k of 8. `Lane` as in tensor-tile.hpp.
#pragma once
#include "gpu/tensor-tile.hpp"

namespace exatwin {
struct alignas(16) Four {
  float value[4];
};

struct CoreTile {
  static constexpr int side = 128, depth = 8, threads = 256;
  /** Four floats more than a row of a slice needs: the transposed stores of a warp then fall into different banks. */
  static constexpr int pitch = side + 4;
  static constexpr int sliceFloats = depth * pitch, sharedBytes = 4 * sliceFloats * int(sizeof(float));
};

EXATWIN_DEVICE inline void storeTransposed(float* slice, int row, int first, const Four& values) {
  EXATWIN_UNROLL
  for (int i = 0; i < 4; ++i) slice[(first + i) * CoreTile::pitch + row] = values.value[i];
}

EXATWIN_DEVICE inline void addProducts(float (&sums)[8][8], const float* a, const float* b, int thread) {
  EXATWIN_UNROLL
  for (int depth = 0; depth < CoreTile::depth; ++depth) {
    Four rows[2], columns[2];
    EXATWIN_UNROLL
    for (int half = 0; half < 2; ++half) {
      rows[half] = *reinterpret_cast<const Four*>(a + depth * CoreTile::pitch + half * 64 + thread / 16 * 4);
      columns[half] = *reinterpret_cast<const Four*>(b + depth * CoreTile::pitch + half * 64 + thread % 16 * 4);
    }
    EXATWIN_UNROLL
    for (int i = 0; i < 8; ++i)
      EXATWIN_UNROLL
      for (int j = 0; j < 8; ++j) sums[i][j] += rows[i / 4].value[i % 4] * columns[j / 4].value[j % 4];
  }
}

template <class Lane> EXATWIN_DEVICE void multiplyCoreTile(Lane& lane, const float* a, const float* b, float* c, int m, int n, int k, int block) {
  const TilePlace place = placeOf(block, m / CoreTile::side, n / CoreTile::side);
  const int thread = lane.thread(), row = thread / 2, first = thread % 2 * 4;
  const float* fromA = a + (size_t(place.row) * CoreTile::side + size_t(row)) * size_t(k) + first;
  const float* fromB = b + (size_t(place.column) * CoreTile::side + size_t(row)) * size_t(k) + first;
  float* const shared = lane.sharedFloats();
  const auto sliceOf = [shared](int step, int matrix) { return shared + (step % 2 * 2 + matrix) * CoreTile::sliceFloats; };
  float sums[8][8] = {};
  storeTransposed(sliceOf(0, 0), row, first, *reinterpret_cast<const Four*>(fromA));
  storeTransposed(sliceOf(0, 1), row, first, *reinterpret_cast<const Four*>(fromB));
  lane.synchronise();
  const int steps = k / CoreTile::depth;
  for (int step = 0; step < steps; ++step) {
    const bool more = step + 1 < steps;
    Four nextA, nextB;
    if (more) {
      nextA = *reinterpret_cast<const Four*>(fromA + (step + 1) * CoreTile::depth);
      nextB = *reinterpret_cast<const Four*>(fromB + (step + 1) * CoreTile::depth);
    }
    addProducts(sums, sliceOf(step, 0), sliceOf(step, 1), thread);
    if (more) {
      storeTransposed(sliceOf(step + 1, 0), row, first, nextA);
      storeTransposed(sliceOf(step + 1, 1), row, first, nextB);
    }
    lane.synchronise();
  }
  EXATWIN_UNROLL
  for (int i = 0; i < 8; ++i)
    EXATWIN_UNROLL
    for (int half = 0; half < 2; ++half) {
      const size_t toRow = size_t(place.row) * CoreTile::side + size_t(i / 4 * 64 + thread / 16 * 4 + i % 4);
      const size_t toColumn = size_t(place.column) * CoreTile::side + size_t(half * 64 + thread % 16 * 4);
      const Four out = {{sums[i][half * 4], sums[i][half * 4 + 1], sums[i][half * 4 + 2], sums[i][half * 4 + 3]}};
      *reinterpret_cast<Four*>(c + toRow * size_t(n) + toColumn) = out;
    }
}
}  // namespace exatwin

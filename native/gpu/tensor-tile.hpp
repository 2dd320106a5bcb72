// One block's share of C = A B^T on tensor cores: a 128 x 128 tile by 256 threads, 16-bit A (m x k) and B (n x k) by rows, C in fp32.
// `Lane` is what a thread can do (its copies, its part of warp-wide loads and products), so that the same tile runs on a device with the
// instructions of sm_80 (cp.async, ldmatrix, mma.m16n8k16) and, thread by thread, on a host that checks its indices.
// m and n are multiples of 128, k of 32. Leaves out Hopper's wgmma and bulk copies: there this is well below what the library reaches.
#pragma once
#include <cstddef>
#include <cstdint>

#ifdef __CUDACC__
#define EXATWIN_ANYWHERE __host__ __device__
#define EXATWIN_DEVICE __device__
#define EXATWIN_UNROLL _Pragma("unroll")
#else
#define EXATWIN_ANYWHERE
#define EXATWIN_DEVICE
#define EXATWIN_UNROLL
#endif

namespace exatwin {
/** Which tile of C a block takes. Blocks that run together take tiles of 8 rows of tiles, column by column: they share rows of A and B in the L2 cache. */
struct TilePlace {
  int row, column;
};
EXATWIN_ANYWHERE inline TilePlace placeOf(int block, int rows, int columns) {
  constexpr int group = 8;
  const int first = block / (group * columns) * group;
  const int height = rows - first < group ? rows - first : group;
  const int inside = block % (group * columns);
  return {first + inside % height, inside / height};
}

struct TensorTile {
  static constexpr int side = 128, depth = 32, threads = 256;
  /** Slices of A and B in shared memory at a time; all but one are on their way while that one is used. */
  static constexpr int stages = 4;
  static constexpr int sliceBytes = side * depth * 2, stageBytes = 2 * sliceBytes;
  static constexpr int sharedBytes = stages * stageBytes;
};

/** Byte of a slice at which 8 elements of a row start. The exclusive or spreads 8 successive rows over all banks. */
EXATWIN_ANYWHERE inline int chunkAt(int row, int chunk) { return row * (TensorTile::depth * 2) + ((chunk ^ ((row >> 1) & 3)) << 4); }

template <class Lane> EXATWIN_DEVICE void fetchSlice(Lane& lane, const uint16_t* a, const uint16_t* b, int k, int step) {
  const int stage = step % TensorTile::stages * TensorTile::stageBytes;
  EXATWIN_UNROLL
  for (int turn = 0; turn < 2; ++turn) {
    const int id = lane.thread() + turn * TensorTile::threads, row = id / 4, chunk = id % 4;
    const size_t from = size_t(row) * size_t(k) + size_t(step * TensorTile::depth + chunk * 8);
    lane.copyAsync(stage + chunkAt(row, chunk), a + from);
    lane.copyAsync(stage + TensorTile::sliceBytes + chunkAt(row, chunk), b + from);
  }
}

/** A warp has 64 x 32 of the tile: 4 x 4 products of 16 x 8. */
template <class Lane> EXATWIN_DEVICE void multiplySlice(Lane& lane, float (&sums)[4][4][4], int step) {
  const int in = lane.thread() % 32, warp = lane.thread() / 32;
  const int stage = step % TensorTile::stages * TensorTile::stageBytes;
  EXATWIN_UNROLL
  for (int half = 0; half < 2; ++half) {
    uint32_t a[4][4], b[2][4];
    EXATWIN_UNROLL
    for (int i = 0; i < 4; ++i) lane.loadMatrices(a[i], stage + chunkAt(warp / 4 * 64 + i * 16 + in % 16, half * 2 + in / 16));
    EXATWIN_UNROLL
    for (int j = 0; j < 2; ++j) lane.loadMatrices(b[j], stage + TensorTile::sliceBytes + chunkAt(warp % 4 * 32 + j * 16 + in / 16 * 8 + in % 8, half * 2 + in / 8 % 2));
    EXATWIN_UNROLL
    for (int i = 0; i < 4; ++i)
      EXATWIN_UNROLL
      for (int j = 0; j < 4; ++j) lane.multiply(sums[i][j], a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
  }
}

template <class Lane> EXATWIN_DEVICE void multiplyTile(Lane& lane, const uint16_t* a, const uint16_t* b, float* c, int m, int n, int k, int block) {
  constexpr int ahead = TensorTile::stages - 1;
  const TilePlace place = placeOf(block, m / TensorTile::side, n / TensorTile::side);
  const uint16_t *rows = a + size_t(place.row) * TensorTile::side * size_t(k), *columns = b + size_t(place.column) * TensorTile::side * size_t(k);
  const int steps = k / TensorTile::depth;
  float sums[4][4][4] = {};
  for (int step = 0; step < ahead; ++step) {
    if (step < steps) fetchSlice(lane, rows, columns, k, step);
    lane.commit();
  }
  for (int step = 0; step < steps; ++step) {
    lane.template awaitAllBut<ahead - 1>();
    lane.synchronise();  // the slice is there for all, and nobody reads any more what the next copy overwrites
    if (step + ahead < steps) fetchSlice(lane, rows, columns, k, step + ahead);
    lane.commit();
    multiplySlice(lane, sums, step);
  }
  const int in = lane.thread() % 32, warp = lane.thread() / 32;
  EXATWIN_UNROLL
  for (int i = 0; i < 4; ++i)
    EXATWIN_UNROLL
    for (int j = 0; j < 4; ++j) {
      const size_t row = size_t(place.row) * TensorTile::side + size_t(warp / 4 * 64 + i * 16 + in / 4);
      const size_t column = size_t(place.column) * TensorTile::side + size_t(warp % 4 * 32 + j * 8 + in % 4 * 2);
      lane.storePair(c + row * size_t(n) + column, sums[i][j][0], sums[i][j][1]);
      lane.storePair(c + (row + 8) * size_t(n) + column, sums[i][j][2], sums[i][j][3]);
    }
}
}  // namespace exatwin

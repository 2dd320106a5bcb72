// The tiles of gpu/gpu-gemm.cu, thread by thread on the host: every element of C = A B^T on shapes that need one slice, fewer slices than stages, and
// more, several tiles, and a group of tiles that is not full. What only a device can show (its instructions as such) is checked there by gpu-gemm.
#include "checks/host-block.hpp"
#include "common/check.hpp"
#include "gpu/core-tile.hpp"

namespace {
using namespace exatwin;
float valueOf(size_t index) { return 0.25f * float(int((index * 2654435761u >> 7) % 9) - 4); }

uint16_t toBf16(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return uint16_t(bits >> 16);  // exact: these values have few digits
}

struct Shape {
  int m, n, k;
};

void checkShape(const Shape& shape, bool landsAtOnce) {
  const size_t m = size_t(shape.m), n = size_t(shape.n), k = size_t(shape.k);
  std::vector<float> a(m * k), b(n * k);
  std::vector<uint16_t> shortA(m * k), shortB(n * k);
  for (size_t at = 0; at < a.size(); ++at) shortA[at] = toBf16(a[at] = valueOf(at));
  for (size_t at = 0; at < b.size(); ++at) shortB[at] = toBf16(b[at] = valueOf(at + 777));
  std::vector<float> byTensor(m * n, std::nanf("")), byCore(m * n, std::nanf(""));
  const int blocks = shape.m / TensorTile::side * (shape.n / TensorTile::side);
  for (int tile = 0; tile < blocks; ++tile) {
    HostBlock tensorBlock(TensorTile::threads, TensorTile::sharedBytes, landsAtOnce);
    tensorBlock.run([&](int thread) {
      HostLane lane(tensorBlock, thread);
      multiplyTile(lane, shortA.data(), shortB.data(), byTensor.data(), shape.m, shape.n, shape.k, tile);
    });
    HostBlock coreBlock(CoreTile::threads, CoreTile::sharedBytes, landsAtOnce);
    coreBlock.run([&](int thread) {
      HostLane lane(coreBlock, thread);
      multiplyCoreTile(lane, a.data(), b.data(), byCore.data(), shape.m, shape.n, shape.k, tile);
    });
  }
  for (size_t row = 0; row < m; ++row)
    for (size_t column = 0; column < n; ++column) {
      float expected = 0;
      for (size_t depth = 0; depth < k; ++depth) expected += a[row * k + depth] * b[column * k + depth];
      const std::string place = std::to_string(row) + ", " + std::to_string(column) + " of k = " + std::to_string(shape.k);
      expectNear("tensor tile at " + place, byTensor[row * n + column], expected, 0);
      expectNear("core tile at " + place, byCore[row * n + column], expected, 0);
    }
}

void checkPlaces(int rows, int columns) {
  std::vector<int> seen(size_t(rows * columns), 0);
  for (int block = 0; block < rows * columns; ++block) {
    const TilePlace place = placeOf(block, rows, columns);
    if (place.row < 0 || place.row >= rows || place.column < 0 || place.column >= columns) fail("a tile outside of C");
    ++seen[size_t(place.row * columns + place.column)];
  }
  for (const int count : seen) expectNear("blocks for one tile", count, 1, 0);
}
}  // namespace

int main() {
  for (const int rows : {1, 7, 8, 9, 20})
    for (const int columns : {1, 3, 8}) checkPlaces(rows, columns);
  for (const bool landsAtOnce : {false, true}) {
    checkShape({128, 128, 32}, landsAtOnce);
    checkShape({128, 256, 64}, landsAtOnce);
    checkShape({256, 128, 224}, landsAtOnce);
  }
}

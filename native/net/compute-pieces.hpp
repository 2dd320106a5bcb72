// Compute in pieces of about 0.2 ms, to run beside messages: rows of a matrix product, as many as the processor does in that time.
// It stays in a cache of 1 MiB; what streams from memory would lose more to messages, which also use memory.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace exatwin {
/** Three square matrices of this side hold 1 MiB. */
class Compute {
 public:
  Compute() : a(side * side, 1.0f), b(side * side), c(side * side) {
    for (size_t place = 0; place < b.size(); ++place) b[place] = float(place % side % 5);
    rows = side;
    double whole_s = 1;
    for (int turn = 0; turn < 5; ++turn) {
      const double start = now_s();
      piece();
      whole_s = std::min(whole_s, now_s() - start);
    }
    rows = std::clamp(size_t(double(side) * piece_s / whole_s), size_t(1), side);
  }
  size_t rowsInPiece() const { return rows; }
  /** So that pieces are equal on all ranks. */
  void setRows(size_t wanted) { rows = wanted; }
  void piece() {
    for (size_t row = 0; row < rows; ++row, next = (next + 1) % side) multiplyRow(&a[next * side], b.data(), &c[next * side]);
  }
  std::string fault() {
    for (size_t done = 0; done < side; done += rows) piece();
    for (size_t place = 0; place < c.size(); ++place)
      if (c[place] != float(side) * float(place % side % 5)) return "the matrix product is wrong at " + std::to_string(place);
    return "";
  }

 private:
  static constexpr size_t side = 288;
  static constexpr double piece_s = 0.2e-3;
  __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default"))) static void multiplyRow(const float* a, const float* b, float* c) {
    for (size_t column = 0; column < side; ++column) c[column] = 0;
    for (size_t inner = 0; inner < side; ++inner)
      for (size_t column = 0; column < side; ++column) c[column] += a[inner] * b[inner * side + column];
  }
  std::vector<float> a, b, c;
  size_t rows, next = 0;
};
}  // namespace exatwin

// The matrix products both GEMM programs run (C = A B^T, as a linear layer does), the arrays they run on, and the look at the result.
// All sizes are multiples of 128. Squares, and the four products of a transformer block of width 1,024 to 4,096 over 8,192 tokens.
#pragma once
#include "gpu/device.hpp"

namespace exatwin {
struct Shape {
  int m, n, k;
  double flop() const { return 2.0 * m * n * k; }
};

inline std::vector<Shape> shapesFor(const Options& options) {
  std::vector<Shape> shapes = {{256, 256, 256}};
  if (options.tiny) return shapes;
  shapes = {{1024, 1024, 1024}, {4096, 4096, 4096}, {8192, 4096, 1024}, {8192, 1024, 4096}};
  if (options.quick) return shapes;
  for (const int side : {256, 512, 768, 1536, 2048, 3072, 6144, 8192}) shapes.push_back({side, side, side});
  for (const int width : {1024, 2048, 4096})
    for (const Shape& one : {Shape{8192, 3 * width, width}, Shape{8192, width, width}, Shape{8192, 4 * width, width}, Shape{8192, width, 4 * width}})
      if (width != 1024 || one.n == one.k || one.n == 3 * one.k) shapes.push_back(one);
  return shapes;
}

constexpr size_t offsetOfB = 777;

/** A, B and C of a shape on the device, filled. */
template <class In, class Out> struct Product {
  explicit Product(const Shape& shape) : shape(shape), a(size_t(shape.m) * size_t(shape.k)), b(size_t(shape.n) * size_t(shape.k)), c(size_t(shape.m) * size_t(shape.n)) {
    fill(a, 0);
    fill(b, offsetOfB);
    require(cudaMemset(c.data, 0xff, c.count * sizeof(Out)), "cudaMemset");
    require(cudaDeviceSynchronize(), "cudaMemset");
  }
  double bytes() const { return double(a.count + b.count) * sizeof(In) + double(c.count) * sizeof(Out); }

  /** No element may have been left as it was, and 1,024 of them, spread over all tiles, must be right. `relative`: the rounding of Out. */
  void check(const std::string& name, double relative) const {
    const std::vector<Out> got = c.read(0, c.count);
    for (size_t at = 0; at < c.count; ++at)
      if (std::isnan(float(got[at]))) fail(name + ": element " + std::to_string(at) + " was not written");
    for (size_t sample = 0; sample < 1024; ++sample) {
      const size_t at = sample * 2654435761u % c.count, row = at / size_t(shape.n), column = at % size_t(shape.n), k = size_t(shape.k);
      double expected = 0;
      for (size_t depth = 0; depth < k; ++depth) expected += double(valueAt(row * k + depth)) * double(valueAt(column * k + depth + offsetOfB));
      expectNear(name + " at " + std::to_string(row) + ", " + std::to_string(column), double(float(got[at])), expected, relative);
    }
  }
  const Shape shape;
  DeviceArray<In> a, b;
  DeviceArray<Out> c;
};

inline Json shapeFacts(const Device& device, const std::string& library, const std::string& implementation, const Shape& shape, const std::string& precision) {
  return device.facts("events").text("library", library).text("implementation", implementation).number("m", shape.m).number("n", shape.n).number("k", shape.k).text("precision", precision);
}
}  // namespace exatwin

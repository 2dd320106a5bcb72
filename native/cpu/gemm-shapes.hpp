// The matrix products that both GEMM programs run: squares for the curve by size; layers of transformers and perceptrons with their two gradients;
// and shapes between, so that a surface over (m, n, k) has points off its axes. --shapes MxNxK,... runs others.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/arguments.hpp"
#include "common/json.hpp"
#include "cpu/sample.hpp"

namespace exatwin {
struct Product {
  long m, n, k;
  double flop() const { return 2.0 * double(m) * double(n) * double(k); }
  std::string name() const { return std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k); }
};

inline std::vector<Product> readProducts(const std::string& text) {
  std::vector<Product> products;
  for (size_t at = 0; at < text.size();) {
    Product one{};
    int used = 0;
    if (std::sscanf(text.c_str() + at, "%ldx%ldx%ld%n", &one.m, &one.n, &one.k, &used) != 3 || std::min({one.m, one.n, one.k}) < 1) {
      std::fprintf(stderr, "--shapes: expected MxNxK,... at %s\n", text.c_str() + at);
      std::exit(2);
    }
    products.push_back(one);
    at += size_t(used) + 1;
  }
  return products;
}

/** In rising order of operations. */
inline std::vector<Product> listProducts(const Options& options) {
  if (const std::string given = options.get("shapes", ""); !given.empty()) return readProducts(given);
  std::vector<Product> products = {{64, 64, 64}, {96, 40, 72}};
  if (!options.tiny) products = {{64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512}, {32, 512, 784}, {128, 1024, 256}, {512, 256, 1024}};
  if (!options.quick) {
    for (const long side : {32, 96, 192, 384, 768, 1024, 1536, 2048}) products.push_back({side, side, side});
    // Perceptron: a batch of 32 to 512 rows, and one gradient of the weights.
    for (const Product& one : {Product{128, 512, 784}, {512, 512, 784}, {128, 10, 512}, {512, 1024, 1024}, {784, 512, 128}, {32, 1000, 2048}}) products.push_back(one);
    // Transformers of width 256 and 768: projections, the two layers of a block, a gradient of weights, logits, attention of one head.
    for (const Product& one : {Product{512, 768, 256}, {512, 2048, 256}, {256, 1024, 512}, {1024, 768, 768}, {1024, 3072, 768}, {1024, 768, 3072}, {768, 3072, 1024}, {128, 128, 64}, {128, 64, 128}, {1024, 1024, 64}}) products.push_back(one);
    // Between: few rows, few columns, short and long sums.
    for (const Product& one : {Product{8, 1024, 1024}, {4096, 64, 64}, {16384, 32, 32}, {64, 64, 16384}, {2000, 300, 150}, {100, 3000, 700}, {48, 4096, 4096}, {4096, 256, 1152}}) products.push_back(one);
  }
  std::stable_sort(products.begin(), products.end(), [](const Product& a, const Product& b) { return a.flop() < b.flop(); });
  return products;
}

inline Json describe(const Product& product, const std::string& library, const std::string& implementation, const std::string& precision, int threads) {
  Json facts = Json().text("library", library).text("implementation", implementation);
  return facts.number("m", double(product.m)).number("n", double(product.n)).number("k", double(product.k)).text("precision", precision).number("threads", threads);
}

/** 16 elements of `c` and its corners against sums in double. All matrices are stored row by row. */
inline void checkProduct(const Product& product, const std::vector<float>& a, const std::vector<float>& b, const float* c, const std::string& name, double relative) {
  Numbers numbers(7);
  for (int sample = 0; sample < 20; ++sample) {
    const bool isCorner = sample >= 16;
    const size_t row = isCorner ? size_t(sample & 1) * size_t(product.m - 1) : numbers.below(size_t(product.m));
    const size_t column = isCorner ? size_t(sample >> 1 & 1) * size_t(product.n - 1) : numbers.below(size_t(product.n));
    Sum sum;
    for (size_t depth = 0; depth < size_t(product.k); ++depth) sum.add(a[row * size_t(product.k) + depth], b[depth * size_t(product.n) + column]);
    expectSum(name + " " + product.name() + " at " + std::to_string(row) + ", " + std::to_string(column), c[row * size_t(product.n) + column], sum, relative);
  }
}
}  // namespace exatwin

// Matrix products in FP32 by OpenBLAS, which frameworks on processors call for dense layers: rows `gemm` beside those of oneDNN, over the same shapes.
// Plain arrays, row by row, neither transposed, C = A B. The kernel is named by the processor that OpenBLAS takes this one for. Misleading if not known:
// a thread of OpenBLAS that waits gives its processor to whoever asks, so beside other work several threads lose whole time slices (4 ms).
#include <cblas.h>

#include "cpu/cases.hpp"
#include "cpu/gemm-shapes.hpp"
#include "cpu/threads.hpp"

namespace {
using namespace exatwin;

void run(const Product& product, int threads, const std::vector<int>& cpus, const Repeats& repeats) {
  openblas_set_num_threads(threads);
  if (openblas_get_num_threads() != threads) return skip("gemm", "OpenBLAS uses " + std::to_string(openblas_get_num_threads()) + " threads instead of " + std::to_string(threads));
  const std::vector<float> a = makeValues(size_t(product.m * product.k), 1), b = makeValues(size_t(product.k * product.n), 2);
  std::vector<float> c(size_t(product.m * product.n), NAN);
  const int m = int(product.m), n = int(product.n), k = int(product.k);
  const auto call = [&] { cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a.data(), k, b.data(), n, 0, c.data(), n); };
  call();  // its threads are made by now
  bindOthers(cpus);
  const auto check = [&] { checkProduct(product, a, b, c.data(), "OpenBLAS", allowedError("fp32")); };
  measure(repeats, "gemm", describe(product, "openblas", openblas_get_corename(), "fp32", threads), {product.flop(), 0}, call, check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"shapes"});
  const std::vector<int> cpus = usableCpus();
  std::vector<Case> cases;
  for (const int threads : threadCounts(options, int(cpus.size())))
    for (const Product& product : listProducts(options))
      cases.push_back({product.name() + " by " + std::to_string(threads) + " threads", [=, &cpus](const Repeats& repeats) { run(product, threads, cpus, repeats); }});
  runCases(options, "gemm", 14.5, cases);
}

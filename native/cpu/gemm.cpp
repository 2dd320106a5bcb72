// Matrix products by oneDNN: FP32, BF16 (result BF16) and INT8 (unsigned times signed, result 32-bit), by shape and threads. The kernel's name is in the
// case. Formats are the kernel's own choice, reorders are not timed. Leaves out biases and what is fused to a product.
#include "cpu/cases.hpp"
#include "cpu/gemm-shapes.hpp"
#include "cpu/onednn.hpp"

namespace {
using namespace exatwin;

struct Types {
  DataType a, b, c;
};

Types typesOf(const std::string& precision) {
  if (precision == "bf16") return {DataType::bf16, DataType::bf16, DataType::bf16};
  if (precision == "int8") return {DataType::u8, DataType::s8, DataType::s32};
  return {DataType::f32, DataType::f32, DataType::f32};
}

dnnl::matmul::primitive_desc choose(const OneDnn& library, const Product& product, const Types& types) {
  const auto a = OneDnn::anyFormat({product.m, product.k}, types.a), b = OneDnn::anyFormat({product.k, product.n}, types.b), c = OneDnn::anyFormat({product.m, product.n}, types.c);
#if DNNL_VERSION_MAJOR >= 3
  return {library.engine, a, b, c};
#else
  return {dnnl::matmul::desc(a, b, c), library.engine};
#endif
}

void run(OneDnn& library, const Product& product, const std::string& precision, int threads, const Repeats& repeats) {
  omp_set_num_threads(threads);
  dnnl::matmul::primitive_desc chosen;
  try {
    chosen = choose(library, product, typesOf(precision));
  } catch (const dnnl::error& fault) {
    return skipOnce("gemm", precision + ": oneDNN has no kernel on this processor (" + fault.what() + ")");
  }
  const std::string implementation = chosen.impl_info_str();
  if (const std::string fault = findFault(implementation); !fault.empty()) return skipOnce("gemm", precision + ": " + fault);
  const bool isWhole = precision == "int8";
  std::vector<float> a = makeValues(size_t(product.m * product.k), 1, isWhole ? 0 : -16, isWhole ? 1 : 1.0f / 16);
  std::vector<float> b = makeValues(size_t(product.k * product.n), 2, -16, isWhole ? 1 : 1.0f / 16);
  dnnl::memory aMade = library.fromPlain(a, {product.m, product.k}, chosen.src_desc()), bMade = library.fromPlain(b, {product.k, product.n}, chosen.weights_desc());
  dnnl::memory c(chosen.dst_desc(), library.engine);
  const dnnl::matmul primitive(chosen);
  const std::unordered_map<int, dnnl::memory> arguments = {{DNNL_ARG_SRC, aMade}, {DNNL_ARG_WEIGHTS, bMade}, {DNNL_ARG_DST, c}};
  const auto call = [&] {
    primitive.execute(library.stream, arguments);
    library.stream.wait();
  };
  const auto check = [&] { checkProduct(product, a, b, library.toPlain(c, {product.m, product.n}).data(), "oneDNN " + precision, allowedError(precision)); };
  measure(repeats, "gemm", describe(product, "onednn", implementation, precision, threads), {product.flop(), 0}, call, check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"shapes", "precision"});
  const std::vector<std::string> precisions = chooseFrom(options, "precision", {"fp32", "int8", "bf16"});
  const std::vector<int> counts = threadCountsOfOneDnn("gemm", options, argv);
  OneDnn library;
  std::vector<Case> cases;
  // By precision first: BF16 can be slow where it is emulated, and is then what a run cut short loses.
  for (const std::string& precision : precisions)
    for (const int threads : counts)
      for (const Product& product : listProducts(options))
        if (!isLeftToFullRuns(options, precision == precisions[0], threads, product.flop()))
          cases.push_back({precision + " " + product.name() + " by " + std::to_string(threads) + " threads", [=, &library](const Repeats& repeats) { run(library, product, precision, threads, repeats); }});
  runCases(options, "gemm", 44, cases);
}

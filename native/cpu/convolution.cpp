// Convolutions by oneDNN: forward, gradient of the image, gradient of the filter; FP32 and BF16; by shape and threads. The algorithm is the library's
// choice (convolution_auto) and named in the case; where it is Winograd's, the rate can exceed the processor's peak, because operations are those of a
// direct computation. Formats are the kernel's own choice, reorders are not timed. Leaves out biases, groups, dilation, and the gradient of images
// with 3 channels: no training asks for it.
#include <optional>

#include "cpu/cases.hpp"
#include "cpu/convolution-check.hpp"
#include "cpu/onednn.hpp"

namespace {
using namespace exatwin;

/** A kernel for one pass: what it reads and writes, and in which formats. */
struct Chosen {
  std::string implementation;
  dnnl::primitive primitive;
  /** Numbers of the arguments; `written` is that of the pass's result. */
  int images, filters, results, written;
  dnnl::memory::desc image, filter, result;
};

/** `hint`: gradients are asked for with the forward kernel that they belong to. */
template <class Pass, class... Hint> auto ask(const OneDnn& library, dnnl::prop_kind kind, const dnnl::memory::desc& a, const dnnl::memory::desc& b, const dnnl::memory::desc& c, const Filter& shape, const Hint&... hint) {
  const Dims strides = {shape.stride, shape.stride}, padding = {shape.padding(), shape.padding()};
  const auto algorithm = dnnl::algorithm::convolution_auto;
  constexpr bool isForward = sizeof...(Hint) == 0;
#if DNNL_VERSION_MAJOR >= 3
  if constexpr (isForward) return typename Pass::primitive_desc(library.engine, kind, algorithm, a, b, c, strides, padding, padding);
  else return typename Pass::primitive_desc(library.engine, algorithm, a, b, c, strides, padding, padding, hint...);
#else
  if constexpr (isForward) return typename Pass::primitive_desc({kind, algorithm, a, b, c, strides, padding, padding}, library.engine);
  else return typename Pass::primitive_desc({algorithm, a, b, c, strides, padding, padding}, library.engine, hint...);
#endif
}

Chosen choose(const OneDnn& library, const Filter& shape, const std::string& pass, DataType type) {
  const auto image = OneDnn::anyFormat({shape.batch, shape.inChannels, shape.height, shape.width}, type);
  const auto filter = OneDnn::anyFormat({shape.outChannels, shape.inChannels, shape.kernel, shape.kernel}, type);
  const auto result = OneDnn::anyFormat({shape.batch, shape.outChannels, shape.outHeight(), shape.outWidth()}, type);
  const auto forward = ask<dnnl::convolution_forward>(library, dnnl::prop_kind::forward_training, image, filter, result, shape);
  if (pass == "forward") return {forward.impl_info_str(), dnnl::convolution_forward(forward), DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_DST, forward.src_desc(), forward.weights_desc(), forward.dst_desc()};
  if (pass == "data-gradient") {
    const auto made = ask<dnnl::convolution_backward_data>(library, dnnl::prop_kind::backward_data, image, filter, result, shape, forward);
    return {made.impl_info_str(), dnnl::convolution_backward_data(made), DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC, made.diff_src_desc(), made.weights_desc(), made.diff_dst_desc()};
  }
  const auto made = ask<dnnl::convolution_backward_weights>(library, dnnl::prop_kind::backward_weights, image, filter, result, shape, forward);
  return {made.impl_info_str(), dnnl::convolution_backward_weights(made), DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS, made.src_desc(), made.diff_weights_desc(), made.diff_dst_desc()};
}

void run(OneDnn& library, const Filter& shape, const std::string& pass, const std::string& precision, int threads, const Repeats& repeats) {
  omp_set_num_threads(threads);
  std::optional<Chosen> found;
  try {
    found = choose(library, shape, pass, precision == "bf16" ? DataType::bf16 : DataType::f32);
  } catch (const dnnl::error& fault) {
    return skipOnce("convolution", precision + " " + pass + ": oneDNN has no kernel on this processor (" + fault.what() + ")");
  }
  const Chosen& chosen = *found;
  if (const std::string fault = findFault(chosen.implementation); !fault.empty()) return skipOnce("convolution", precision + " " + pass + ", some shapes: " + fault);
  const Dims image = {shape.batch, shape.inChannels, shape.height, shape.width}, filter = {shape.outChannels, shape.inChannels, shape.kernel, shape.kernel}, result = {shape.batch, shape.outChannels, shape.outHeight(), shape.outWidth()};
  const auto count = [](const Dims& dims) { return size_t(dims[0] * dims[1] * dims[2] * dims[3]); };
  Tensors plain = {makeValues(count(image), 1), makeValues(count(filter), 2), makeValues(count(result), 3)};
  const auto place = [&](int argument, std::vector<float>& values, const Dims& dims, const dnnl::memory::desc& format) {
    return argument == chosen.written ? dnnl::memory(format, library.engine) : library.fromPlain(values, dims, format);
  };
  std::unordered_map<int, dnnl::memory> arguments;
  arguments[chosen.images] = place(chosen.images, plain.image, image, chosen.image);
  arguments[chosen.filters] = place(chosen.filters, plain.filter, filter, chosen.filter);
  arguments[chosen.results] = place(chosen.results, plain.result, result, chosen.result);
  const auto call = [&] {
    chosen.primitive.execute(library.stream, arguments);
    library.stream.wait();
  };
  const Dims& written = pass == "forward" ? result : pass == "data-gradient" ? image : filter;
  const auto check = [&] { ConvolutionCheck(shape, plain).expect(pass, library.toPlain(arguments[chosen.written], written), allowedError(precision)); };
  measure(repeats, "convolution", describe(shape, chosen.implementation, pass, precision, threads), {shape.flop(), 0}, call, check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"shapes", "precision", "pass"});
  const std::vector<std::string> precisions = chooseFrom(options, "precision", {"fp32", "bf16"}), passes = chooseFrom(options, "pass", {"forward", "data-gradient", "weight-gradient"});
  const std::vector<int> counts = threadCountsOfOneDnn("convolution", options, argv);
  OneDnn library;
  std::vector<Case> cases;
  // By precision first: BF16 can be slow where it is emulated, and is then what a run cut short loses.
  for (const std::string& precision : precisions)
    for (const int threads : counts)
      for (const Filter& shape : listFilters(options))
        for (const std::string& pass : passes) {
          if (isLeftToFullRuns(options, precision == precisions[0], threads, shape.flop())) continue;
          if (pass == "data-gradient" && shape.inChannels == 3) continue;
          const std::string name = precision + " " + pass + " " + shape.name() + " by " + std::to_string(threads) + " threads";
          cases.push_back({name, [=, &library](const Repeats& repeats) { run(library, shape, pass, precision, threads, repeats); }});
        }
  runCases(options, "convolution", 44, cases);
}

// Single elements of a convolution and of its gradients, by their definitions and in double. Plain arrays: image and result as (batch, channel, row,
// column), filter as (channel out, channel in, row, column).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cpu/convolution-shapes.hpp"
#include "cpu/sample.hpp"

namespace exatwin {
struct Tensors {
  std::vector<float> image, filter, result;
};

/** What a tensor's element is at: batch or channel out, channel in or out, row, column. */
struct Place {
  long first, second, row, column;
};

class ConvolutionCheck {
 public:
  ConvolutionCheck(const Filter& shape, const Tensors& given) : shape(shape), given(given) {}

  /** 16 elements and the corners of what the pass made. */
  void expect(const std::string& pass, const std::vector<float>& got, double relative) const {
    const bool isForward = pass == "forward", isData = pass == "data-gradient";
    const Place extents = isForward ? Place{shape.batch, shape.outChannels, shape.outHeight(), shape.outWidth()} : isData ? Place{shape.batch, shape.inChannels, shape.height, shape.width} : Place{shape.outChannels, shape.inChannels, shape.kernel, shape.kernel};
    Numbers numbers(11);
    for (int sample = 0; sample < 18; ++sample) {
      const auto pick = [&](long extent) { return sample == 16 ? 0 : sample == 17 ? extent - 1 : long(numbers.below(size_t(extent))); };
      const Place at = {pick(extents.first), pick(extents.second), pick(extents.row), pick(extents.column)};
      const Sum sum = isForward ? forwardAt(at) : isData ? dataGradientAt(at) : weightGradientAt(at);
      const size_t index = size_t(((at.first * extents.second + at.second) * extents.row + at.row) * extents.column + at.column);
      expectSum("oneDNN convolution " + pass + " " + shape.name() + " at " + std::to_string(index), got[index], sum, relative);
    }
  }

 private:
  double image(long batch, long channel, long row, long column) const {
    if (row < 0 || column < 0 || row >= shape.height || column >= shape.width) return 0;
    return given.image[size_t(((batch * shape.inChannels + channel) * shape.height + row) * shape.width + column)];
  }
  double filter(long out, long in, long row, long column) const { return given.filter[size_t(((out * shape.inChannels + in) * shape.kernel + row) * shape.kernel + column)]; }
  double result(long batch, long channel, long row, long column) const {
    return given.result[size_t(((batch * shape.outChannels + channel) * shape.outHeight() + row) * shape.outWidth() + column)];
  }

  Sum forwardAt(const Place& at) const {
    Sum sum;
    for (long in = 0; in < shape.inChannels; ++in)
      for (long y = 0; y < shape.kernel; ++y)
        for (long x = 0; x < shape.kernel; ++x) sum.add(image(at.first, in, at.row * shape.stride + y - shape.padding(), at.column * shape.stride + x - shape.padding()), filter(at.second, in, y, x));
    return sum;
  }
  /** Over the results that this element of the image went into. */
  Sum dataGradientAt(const Place& at) const {
    Sum sum;
    for (long y = 0; y < shape.kernel; ++y)
      for (long x = 0; x < shape.kernel; ++x) {
        const long row = at.row + shape.padding() - y, column = at.column + shape.padding() - x;
        if (row < 0 || column < 0 || row % shape.stride != 0 || column % shape.stride != 0 || row / shape.stride >= shape.outHeight() || column / shape.stride >= shape.outWidth()) continue;
        for (long out = 0; out < shape.outChannels; ++out) sum.add(result(at.first, out, row / shape.stride, column / shape.stride), filter(out, at.second, y, x));
      }
    return sum;
  }
  Sum weightGradientAt(const Place& at) const {
    Sum sum;
    for (long batch = 0; batch < shape.batch; ++batch)
      for (long y = 0; y < shape.outHeight(); ++y)
        for (long x = 0; x < shape.outWidth(); ++x)
          sum.add(result(batch, at.first, y, x), image(batch, at.second, y * shape.stride + at.row - shape.padding(), x * shape.stride + at.column - shape.padding()));
    return sum;
  }
  const Filter shape;
  const Tensors& given;
};
}  // namespace exatwin

// The convolutions that are timed: layers of residual networks for small and large images, of encoder-decoder networks for segmentation, and shapes
// between. Padding is half the kernel, so that an edge of the result is the input's over the stride, rounded up. --shapes N:IN:OUT:H:W:K:S,... runs others.
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/arguments.hpp"
#include "common/json.hpp"

namespace exatwin {
struct Filter {
  long batch, inChannels, outChannels, height, width, kernel, stride;
  long padding() const { return kernel / 2; }
  long outHeight() const { return (height + stride - 1) / stride; }
  long outWidth() const { return (width + stride - 1) / stride; }
  /** Of any of the three passes, as a direct computation counts; Winograd's kernels do fewer. */
  double flop() const { return 2.0 * double(batch) * double(outHeight() * outWidth()) * double(kernel * kernel) * double(inChannels * outChannels); }
  std::string name() const {
    std::string text;
    for (const long part : {batch, inChannels, outChannels, height, width, kernel, stride}) text += (text.empty() ? "" : ":") + std::to_string(part);
    return text;
  }
};

inline std::vector<Filter> readFilters(const std::string& text) {
  std::vector<Filter> filters;
  for (size_t at = 0; at < text.size();) {
    Filter one{};
    int used = 0;
    const int found = std::sscanf(text.c_str() + at, "%ld:%ld:%ld:%ld:%ld:%ld:%ld%n", &one.batch, &one.inChannels, &one.outChannels, &one.height, &one.width, &one.kernel, &one.stride, &used);
    if (found != 7 || std::min({one.batch, one.inChannels, one.outChannels, one.height, one.width, one.kernel, one.stride}) < 1 || one.kernel % 2 == 0) {
      std::fprintf(stderr, "--shapes: expected BATCH:IN:OUT:HEIGHT:WIDTH:KERNEL:STRIDE,... with an odd kernel at %s\n", text.c_str() + at);
      std::exit(2);
    }
    filters.push_back(one);
    at += size_t(used) + 1;
  }
  return filters;
}

/** In rising order of operations. */
inline std::vector<Filter> listFilters(const Options& options) {
  if (const std::string given = options.get("shapes", ""); !given.empty()) return readFilters(given);
  // batch, channels in and out, height, width, kernel, stride
  std::vector<Filter> filters = {{2, 3, 16, 9, 7, 3, 1}, {1, 16, 32, 8, 8, 1, 2}};
  if (!options.tiny) filters = {{8, 16, 16, 32, 32, 3, 1}, {2, 64, 64, 28, 28, 3, 1}, {4, 64, 256, 14, 14, 1, 1}, {1, 256, 256, 7, 7, 3, 1}, {1, 3, 64, 112, 112, 7, 2}, {2, 128, 128, 28, 28, 3, 2}};
  if (!options.quick) {
    // Residual networks for images of 32 x 32.
    for (const Filter& one : {Filter{8, 3, 16, 32, 32, 3, 1}, {32, 3, 16, 32, 32, 3, 1}, {64, 16, 16, 32, 32, 3, 1}, {32, 16, 32, 32, 32, 3, 2}, {32, 32, 32, 16, 16, 3, 1}, {32, 64, 64, 8, 8, 3, 1}, {64, 64, 64, 7, 7, 3, 1}}) filters.push_back(one);
    // Residual networks for images of 224 x 224.
    for (const Filter& one : {Filter{4, 3, 64, 224, 224, 7, 2}, {1, 64, 64, 56, 56, 3, 1}, {8, 64, 64, 56, 56, 3, 1}, {4, 64, 256, 56, 56, 1, 1}, {4, 256, 64, 56, 56, 1, 1}, {8, 128, 128, 28, 28, 3, 1}, {4, 128, 128, 56, 56, 3, 2},
                              {8, 256, 256, 14, 14, 3, 1}, {8, 512, 512, 7, 7, 3, 1}, {4, 512, 512, 7, 7, 3, 1}, {8, 128, 512, 28, 28, 1, 1}, {8, 512, 128, 28, 28, 1, 1}, {4, 256, 512, 56, 56, 1, 2}, {8, 512, 512, 7, 7, 1, 1}})
      filters.push_back(one);
    // Segmentation of fields with 16 channels, from the edges to the middle of an encoder-decoder network.
    for (const Filter& one : {Filter{1, 16, 64, 224, 224, 7, 2}, {2, 16, 32, 96, 144, 3, 1}, {2, 32, 32, 96, 144, 3, 1}, {2, 32, 64, 48, 72, 3, 1}, {2, 128, 256, 24, 36, 3, 1}, {1, 512, 256, 24, 36, 3, 1}, {2, 256, 512, 12, 18, 3, 2}, {1, 32, 16, 192, 192, 1, 1}, {1, 64, 64, 128, 128, 3, 1}}) filters.push_back(one);
    // Between.
    for (const Filter& one : {Filter{16, 48, 96, 20, 20, 3, 1}, {16, 96, 24, 28, 28, 1, 1}, {3, 80, 160, 40, 30, 3, 2}, {1, 160, 40, 64, 64, 1, 1}, {64, 320, 80, 7, 7, 1, 1}}) filters.push_back(one);
  }
  std::stable_sort(filters.begin(), filters.end(), [](const Filter& a, const Filter& b) { return a.flop() < b.flop(); });
  return filters;
}

inline Json describe(const Filter& filter, const std::string& implementation, const std::string& pass, const std::string& precision, int threads) {
  Json facts = Json().text("library", "onednn").text("implementation", implementation).text("pass", pass);
  facts.number("batch", double(filter.batch)).number("inChannels", double(filter.inChannels)).number("outChannels", double(filter.outChannels));
  facts.number("height", double(filter.height)).number("width", double(filter.width)).number("kernel", double(filter.kernel)).number("stride", double(filter.stride));
  return facts.text("precision", precision).number("threads", threads);
}
}  // namespace exatwin

// All-reduces one after another, each waited for before the next is queued: what a program pays that sums gradient by gradient and has nothing else to do
// meanwhile. Calls follow each other without a barrier, and a sample is the mean of a row of them: one call alone has two typical times (gloo-group.hpp),
// and a program that makes many pays their mean, not the more frequent of the two. --bytes N one size.
#include <vector>

#include "net/collective-data.hpp"
#include "net/gloo-group.hpp"

namespace {
using namespace exatwin;

constexpr int callsInRow = 16;

void run(const Options& options, const Group& group, const Context& context, Workers& workers) {
  const double until_s = now_s() + options.number("seconds", options.pick(8.0, 1.5, 0.4));
  Sweep sweep(options, group, "gloo-blocking", until_s);
  const double single = options.number("bytes", 0);
  const double last = single > 0 ? single : options.pick(4.0, 1.0, 0.0625) * 1048576;
  for (double bytes = single > 0 ? single : 256; bytes <= last; bytes *= options.pick(4, 16, 256)) {
    const size_t elements = size_t(bytes) / sizeof(float);
    std::vector<float> data(elements);
    const Json facts = Json().number("bytes", double(elements * sizeof(float))).number("ranks", group.size).text("link", group.link).number("calls", callsInRow);
    const auto row = [&](long) {
      for (int call = 0; call < callsInRow; ++call) workers.run([&] { allReduceInPlace(context, data.data(), elements); });
    };
    const auto check = [&] {
      fillInput(data.data(), group.rank, elements);
      workers.run([&] { allReduceInPlace(context, data.data(), elements); });
      return faultIn(data.data(), Kind::allReduce, group.rank, group.size, 0, elements);
    };
    if (!sweep.measure(double(elements * sizeof(float)), facts, row, check, callsInRow)) break;
  }
}
}  // namespace

int main(int argc, char** argv) {
  return runGloo(argc, argv, "gloo-blocking", {"bytes"}, run);
}

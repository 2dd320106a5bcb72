// Gloo's collectives of FP32 over sizes: all-reduce as PyTorch's Gloo backend calls it (in place, the library's default, a segmented ring), all-gather,
// all-to-all, broadcast, and reduce-scatter by halving and doubling (the only one this library has, for two ranks and other powers of two).
// bytes is the longer of a rank's two vectors; the root of a broadcast changes with every call. --only NAME takes one collective,
// --bytes N one size.
#include <gloo/allgather.h>
#include <gloo/alltoall.h>
#include <gloo/broadcast.h>
#include <gloo/reduce_scatter.h>

#include <memory>

#include "net/collective-data.hpp"
#include "net/gloo-group.hpp"

namespace {
using namespace exatwin;

/** Name of the algorithm as the library's source has it; "direct" sends to every peer at once. */
const char* algorithmOf(Kind kind) {
  switch (kind) {
    case Kind::allReduce: return "ring";
    case Kind::allGather: return "ring";
    case Kind::reduceScatter: return "halving-doubling";
    case Kind::allToAll: return "direct";
    case Kind::broadcast: return "binomial-tree";
  }
  return "";
}

class Collective {
 public:
  Collective(Kind kind, const Context& context, size_t elements) : in(inputLength(kind, context->size, elements)), out(elements), kind(kind), context(context), elements(elements) {
    if (kind == Kind::reduceScatter) {
      const std::vector<int> shares(size_t(context->size), int(elements) / context->size);
      scatter = std::make_unique<gloo::ReduceScatterHalvingDoubling<float>>(context, std::vector<float*>{out.data()}, int(elements), shares);
    }
  }
  void run(int root) {
    switch (kind) {
      case Kind::allReduce: return allReduceInPlace(context, out.data(), elements);
      case Kind::reduceScatter: return scatter->run();
      case Kind::allGather: return exchange<gloo::AllgatherOptions>(gloo::allgather);
      case Kind::allToAll: return exchange<gloo::AlltoallOptions>(gloo::alltoall);
      case Kind::broadcast: {
        gloo::BroadcastOptions work(context);
        work.setOutput(out.data(), elements);
        work.setRoot(root);
        work.setTag(workTag);
        return gloo::broadcast(work);
      }
    }
  }
  /** Once more with known data; what is wrong, or nothing. Timed calls work on zeros: in place, sums of anything else would overflow. */
  std::string check() {
    const int root = context->size - 1;
    const bool inPlace = kind == Kind::allReduce || kind == Kind::reduceScatter || (kind == Kind::broadcast && context->rank == root);
    std::fill(out.begin(), out.end(), -1.0f);
    fillInput(inPlace ? out.data() : in.data(), context->rank, in.size());
    run(root);
    return faultIn(out.data(), kind, context->rank, context->size, root, elements);
  }

 private:
  template <class Options> void exchange(void (*operation)(Options&)) {
    Options work(context);
    work.setInput(in.data(), in.size());
    work.setOutput(out.data(), elements);
    work.setTag(workTag);
    operation(work);
  }
  std::vector<float> in, out;
  const Kind kind;
  const Context context;
  const size_t elements;
  std::unique_ptr<gloo::ReduceScatterHalvingDoubling<float>> scatter;
};

void sweepSizes(const Options& options, const Group& group, const Context& context, Workers& workers, NamedKind named, double until_s) {
  const std::string benchmark = std::string("gloo-") + named.name;
  if (named.kind == Kind::reduceScatter && (group.size & (group.size - 1)) != 0) {
    if (group.rank == 0) skip(benchmark, "the library's algorithm is measured for powers of two only, not for " + std::to_string(group.size) + " ranks");
    return;
  }
  Sweep sweep(options, group, benchmark, until_s);
  const double single = options.number("bytes", 0);
  const double last = single > 0 ? single : options.pick(64.0, 4.0, 0.25) * 1048576;
  for (double wanted = single > 0 ? single : 1024; wanted <= last; wanted *= options.pick(2, 8, 256)) {
    const size_t elements = size_t(wanted) / sizeof(float) / size_t(group.size) * size_t(group.size);
    if (elements == 0) continue;
    const double bytes = double(elements * sizeof(float));
    Collective collective(named.kind, context, elements);
    const Json facts = Json().number("bytes", bytes).number("ranks", group.size).text("link", group.link).text("algorithm", algorithmOf(named.kind));
    if (!sweep.measure(bytes, facts, [&](long turn) { workers.run([&] { collective.run(int(turn % group.size)); }); }, [&] { return collective.check(); })) break;
  }
}
}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> known = glooArguments;
  known.insert(known.end(), {"only", "bytes"});
  const std::string fault = refuseOnly(readOptions(argc, argv, known).get("only", ""));
  if (!fault.empty()) return std::fprintf(stderr, "%s\n", fault.c_str()), 2;
  return runGloo(argc, argv, "gloo-collectives", {"only", "bytes"}, [](const Options& options, const Group& group, const Context& context, Workers& workers) {
    const std::string only = options.get("only", "");
    const double start = now_s(), seconds = options.number("seconds", options.pick(120.0, 1.7, 0.6));
    for (const NamedKind& named : kinds)
      if (only.empty() || only == named.name) sweepSizes(options, group, context, workers, named, start + seconds * (only.empty() ? shareUntil(named.kind) : 1));
  });
}

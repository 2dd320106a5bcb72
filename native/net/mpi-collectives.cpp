// All-reduce, all-gather, reduce-scatter, all-to-all and broadcast of FP32 over sizes, with whatever algorithm the MPI library chooses.
// bytes is the longer of a rank's two vectors. The root of a broadcast changes with every call, so that each has to wait for the one before:
// with one root the calls would run into each other. --only NAME takes one collective.
#include "net/collective-data.hpp"
#include "net/mpi-group.hpp"

namespace {
using namespace exatwin;

void collect(Kind kind, float* in, float* out, size_t elements, int size, int root) {
  const int all = int(elements), share = int(elements) / size;
  switch (kind) {
    case Kind::allReduce: MPI_Allreduce(in, out, all, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD); break;
    case Kind::allGather: MPI_Allgather(in, share, MPI_FLOAT, out, share, MPI_FLOAT, MPI_COMM_WORLD); break;
    case Kind::reduceScatter: MPI_Reduce_scatter_block(in, out, share, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD); break;
    case Kind::allToAll: MPI_Alltoall(in, share, MPI_FLOAT, out, share, MPI_FLOAT, MPI_COMM_WORLD); break;
    case Kind::broadcast: MPI_Bcast(out, all, MPI_FLOAT, root, MPI_COMM_WORLD); break;
  }
}

void sweepSizes(const Options& options, const Group& group, NamedKind named, double until_s) {
  const std::string benchmark = std::string("mpi-") + named.name;
  const size_t size = size_t(group.size);
  Sweep sweep(options, group, benchmark, until_s);
  for (double wanted = 8; wanted <= options.pick(16.0, 1.0, 0.0625) * 1048576; wanted *= options.pick(2, 16, 128)) {
    const size_t elements = size_t(wanted) / sizeof(float) / size * size;
    if (elements == 0) continue;
    const double bytes = double(elements * sizeof(float));
    std::vector<float> in(inputLength(named.kind, group.size, elements)), out(elements);
    fillInput(in.data(), group.rank, in.size());
    const auto call = [&](long turn) { collect(named.kind, in.data(), out.data(), elements, group.size, int(turn % long(size))); };
    const auto check = [&] {
      const int root = group.size - 1;
      std::fill(out.begin(), out.end(), -1.0f);
      if (named.kind == Kind::broadcast && group.rank == root) fillInput(out.data(), root, elements);
      collect(named.kind, in.data(), out.data(), elements, group.size, root);
      return faultIn(out.data(), named.kind, group.rank, group.size, root, elements);
    };
    if (!sweep.measure(bytes, Json().number("bytes", bytes).number("ranks", group.size).text("link", group.link), call, check)) break;
  }
}
}  // namespace

int main(int argc, char** argv) {
  const std::string fault = refuseOnly(readOptions(argc, argv, {"only", "link", "pin", "seconds"}).get("only", ""));
  if (!fault.empty()) return std::fprintf(stderr, "%s\n", fault.c_str()), 2;
  return runMpi(argc, argv, "mpi-collectives", {"only"}, [](const Options& options, const Group& group) {
    const std::string only = options.get("only", "");
    const double start = now_s(), seconds = options.number("seconds", options.pick(120.0, 1.6, 0.6));
    for (const NamedKind& named : kinds)
      if (only.empty() || only == named.name) sweepSizes(options, group, named, start + seconds * (only.empty() ? shareUntil(named.kind) : 1));
  });
}

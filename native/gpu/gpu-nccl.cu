// NCCL's collectives over sizes, by wall time from the call until every device of this process is done; the samples of all ranks start behind a small
// all-reduce. Alone, the program uses every device of the host; with --rank R --size N --store FOLDER it is one rank of N with one device
// (--device), and FOLDER, which all ranks see, carries the identifier. `bytes` as in nccl-tests: of the whole vector that a rank holds or ends with.
#include <nccl.h>


#include "gpu/device.hpp"
#include "gpu/nccl-ranks.hpp"

namespace {
using namespace exatwin;

struct Collective {
  std::string name;
  /** Starts it on one rank: `count` elements in the whole vector, a multiple of the number of ranks. */
  std::function<void(const Rank&, size_t count, int ranks)> start;
  /** Element `at` of what rank `rank` ends with; each rank sends sent(rank, at). */
  std::function<float(int rank, size_t at, size_t count, int ranks)> expected;
  /** Elements that a rank ends with, as a share of the vector: 1, or 1 / ranks. */
  bool scattered;
};

/** Exact in fp32 in sums over many ranks. */
float sent(int rank, size_t at) { return float((at * 2654435761u >> 9) % 64 + size_t(rank) % 8); }

float sumSent(size_t at, int ranks) {
  float sum = 0;
  for (int rank = 0; rank < ranks; ++rank) sum += sent(rank, at);
  return sum;
}

std::vector<Collective> listCollectives() {
  return {
      {"gpu-all-reduce", [](const Rank& on, size_t count, int) { requireNccl(ncclAllReduce(on.from, on.to, count, ncclFloat, ncclSum, on.comm, on.stream), "ncclAllReduce"); },
       [](int, size_t at, size_t, int ranks) { return sumSent(at, ranks); }, false},
      {"gpu-all-gather", [](const Rank& on, size_t count, int ranks) { requireNccl(ncclAllGather(on.from, on.to, count / size_t(ranks), ncclFloat, on.comm, on.stream), "ncclAllGather"); },
       [](int, size_t at, size_t count, int ranks) { return sent(int(at / (count / size_t(ranks))), at % (count / size_t(ranks))); }, false},
      {"gpu-reduce-scatter",
       [](const Rank& on, size_t count, int ranks) { requireNccl(ncclReduceScatter(on.from, on.to, count / size_t(ranks), ncclFloat, ncclSum, on.comm, on.stream), "ncclReduceScatter"); },
       [](int rank, size_t at, size_t count, int ranks) { return sumSent(size_t(rank) * (count / size_t(ranks)) + at, ranks); }, true},
      {"gpu-broadcast", [](const Rank& on, size_t count, int) { requireNccl(ncclBroadcast(on.from, on.to, count, ncclFloat, 0, on.comm, on.stream), "ncclBroadcast"); },
       [](int, size_t at, size_t, int) { return sent(0, at); }, false},
      {"gpu-all-to-all",
       [](const Rank& on, size_t count, int ranks) {
         const size_t part = count / size_t(ranks);
         for (int peer = 0; peer < ranks; ++peer) {
           requireNccl(ncclSend(on.from + size_t(peer) * part, part, ncclFloat, peer, on.comm, on.stream), "ncclSend");
           requireNccl(ncclRecv(on.to + size_t(peer) * part, part, ncclFloat, peer, on.comm, on.stream), "ncclRecv");
         }
       },
       [](int rank, size_t at, size_t count, int ranks) { return sent(int(at / (count / size_t(ranks))), size_t(rank) * (count / size_t(ranks)) + at % (count / size_t(ranks))); }, false},
  };
}

void startAll(const Ranks& ranks, const Collective& collective, size_t count) {
  requireNccl(ncclGroupStart(), "ncclGroupStart");
  for (const Rank& one : ranks.local) {
    require(cudaSetDevice(one.device), "cudaSetDevice");
    collective.start(one, count, ranks.size);
  }
  requireNccl(ncclGroupEnd(), "ncclGroupEnd");
}

void waitAll(const Ranks& ranks) {
  for (const Rank& one : ranks.local) require(cudaStreamSynchronize(one.stream), "cudaStreamSynchronize");
}

/** Sends anew and looks at all that every rank of this process ends with. */
void check(const Ranks& ranks, const Collective& collective, size_t count) {
  std::vector<float> values(count);
  for (const Rank& one : ranks.local) {
    for (size_t at = 0; at < count; ++at) values[at] = sent(one.index, at);
    require(cudaSetDevice(one.device), "cudaSetDevice");
    require(cudaMemcpy(one.from, values.data(), count * sizeof(float), cudaMemcpyHostToDevice), "cudaMemcpy");
    require(cudaMemset(one.to, 0xff, count * sizeof(float)), "cudaMemset");
    require(cudaDeviceSynchronize(), "cudaMemset");
  }
  startAll(ranks, collective, count);
  waitAll(ranks);
  const size_t length = collective.scattered ? count / size_t(ranks.size) : count;
  for (const Rank& one : ranks.local) {
    require(cudaMemcpy(values.data(), one.to, length * sizeof(float), cudaMemcpyDeviceToHost), "cudaMemcpy");
    for (size_t at = 0; at < length; ++at) {
      const float expected = collective.expected(one.index, at, count, ranks.size);
      if (values[at] == expected) continue;
      fail(collective.name + ", rank " + std::to_string(one.index) + ", element " + std::to_string(at) + ": got " + std::to_string(values[at]) + ", expected " + std::to_string(expected));
    }
  }
}

/** The number of samples does not depend on the clock: every rank has to come to the same. */
void run(const Options& options, const Device& device, const Ranks& ranks, const Collective& collective, const Collective& barrier, size_t count) {
  const double bytes = double(count) * sizeof(float);
  const int samples = options.tiny ? 3 : bytes > 16e6 ? options.pick(21, 5, 3) : options.pick(101, 21, 3);
  const int inner = bytes < 1e6 ? 20 : 1;
  Recorder recorder;
  recorder.begin();
  for (int sample = -2; sample < samples; ++sample) {
    startAll(ranks, barrier, size_t(ranks.size));
    waitAll(ranks);
    const long switches = countSwitches();
    const double start = now_s();
    for (int turn = 0; turn < inner; ++turn) startAll(ranks, collective, count);
    waitAll(ranks);
    if (sample >= 0) recorder.add((now_s() - start) / inner, countSwitches() > switches);
  }
  check(ranks, collective, count);
  if (ranks.local[0].index != 0) return;
  const Json facts = device.facts("host").text("library", "nccl").number("bytes", bytes).number("ranks", ranks.size).text("link", options.get("link", "not told"));
  recorder.write(collective.name, facts, {0, bytes}, inner);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"device", "rank", "size", "store", "link"});
  const std::optional<Device> device = useDevice("gpu-nccl", options);
  if (!device) return 0;
  const size_t mostBytes = options.pick<size_t>(1ull << 30, 64ull << 20, 1ull << 16);
  Ranks ranks(options, mostBytes);
  if (ranks.size < 2) {
    skip("gpu-nccl", "one device alone has nobody to talk to; give --rank, --size and --store to run over several processes");
    return 0;
  }
  const std::vector<Collective> collectives = listCollectives();
  for (const Collective& collective : collectives)
    for (size_t bytes = 1024; bytes <= mostBytes; bytes *= options.pick<size_t>(4, 16, 64))
      run(options, *device, ranks, collective, collectives[0], std::max<size_t>(1, bytes / sizeof(float) / size_t(ranks.size)) * size_t(ranks.size));
}

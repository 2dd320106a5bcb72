// All-reduces beside compute on one processor per rank, in the manner of PyTorch's DistributedDataParallel: threads work through a queue of equal
// all-reduces while the main thread computes in small pieces. Four figures per size, sampled in turn: each of the two alone and both at once.
// Alone over beside is the rate at which one proceeds while the other runs, so rows of a pair give two shares, of communication and of compute.
// Averages over long overlaps, not best pieces. Leaves out compute that streams from memory: the pieces work on 1 MiB of matrices.
// As many all-reduces are under way at a time as there are threads (--workers, two as in PyTorch's backend).
#include "net/collective-data.hpp"
#include "net/compute-pieces.hpp"
#include "net/gloo-group.hpp"

namespace {
using namespace exatwin;

/** Equal all-reduces in place. Each thread has a buffer; tags follow the order in the queue, so that each finds its like on the other ranks. */
class Reductions {
 public:
  Reductions(const Context& context, Workers& workers, size_t elements) : context(context), workers(workers), buffers(size_t(workers.count), std::vector<float>(elements)) {}

  void start(long operations) {
    for (long turn = 0; turn < operations; ++turn)
      workers.submit([this, turn](int worker) { allReduceInPlace(context, buffers[size_t(worker)].data(), buffers[size_t(worker)].size(), workTag + uint32_t(turn % 64)); });
  }
  std::string check(const Group& group) {
    std::vector<float>& data = buffers[0];
    fillInput(data.data(), group.rank, data.size());
    allReduceInPlace(context, data.data(), data.size());
    const std::string fault = faultIn(data.data(), Kind::allReduce, group.rank, group.size, 0, data.size());
    std::fill(data.begin(), data.end(), 0.0f);
    return fault;
  }

 private:
  const Context context;
  Workers& workers;
  std::vector<std::vector<float>> buffers;
};

struct Samples {
  std::vector<double> times_s, interrupted;
  long switches = 0;
  void begin() { switches = countSwitches(); }
  void end(double time_s) { times_s.push_back(time_s), interrupted.push_back(countSwitches() > switches ? 1 : 0); }
};

struct Plan {
  double window_s;
  int samples;
  double largest_MiB;
};

void sample(const Group& group, Workers& workers, Reductions& reductions, Compute& compute, long operations, double window_s, Samples (&out)[4], double& pieces) {
  group.barrier();
  for (Samples& samples : out) samples.begin();
  double start = now_s();
  reductions.start(operations);
  out[0].end((workers.wait() - start) / double(operations));

  group.barrier();
  out[2].begin();
  long turns = 0;
  for (start = now_s(); now_s() - start < window_s; ++turns) compute.piece();
  out[2].end((now_s() - start) / double(turns));

  group.barrier();
  out[1].begin(), out[3].begin();
  start = now_s();
  reductions.start(operations);
  turns = 0;
  do compute.piece(), ++turns;
  while (workers.busy());
  const double computed_s = now_s() - start;
  out[1].end((workers.wait() - start) / double(operations));
  out[3].end(computed_s / double(turns));
  pieces += double(turns);
}

void run(const Options& options, const Group& group, const Context& context, Workers& workers) {
  constexpr const char* measures[4] = {"all-reduce-alone", "all-reduce-beside-compute", "compute-alone", "compute-beside-all-reduce"};
  const Plan plan = options.pick(Plan{0.3, 9, 16}, Plan{0.05, 4, 4}, Plan{0.01, 3, 0.25});
  const double until_s = now_s() + options.number("seconds", options.pick(90.0, 1.7, 0.5));
  Compute compute;
  compute.setRows(size_t(told(group, double(compute.rowsInPiece()))));
  double lastOnce_s = 0;
  for (double mebibytes = 0.25; mebibytes <= plan.largest_MiB; mebibytes *= 4) {
    const double bytes = mebibytes * 1048576;
    const double forecast_s = double(plan.samples) * (2.5 * std::max(lastOnce_s * 4, plan.window_s) + plan.window_s);
    if (told(group, now_s() + forecast_s > until_s ? 1 : 0) > 0) {
      if (group.rank == 0) skip("gloo-overlap", std::to_string(long(bytes)) + " bytes and more over " + group.link + ": they would not end within the time allowed (--seconds)");
      return;
    }
    Reductions reductions(context, workers, size_t(bytes) / sizeof(float));
    double once_s = 0;
    for (long count = workers.count, trial = 0; trial < 2 && once_s < 0.1; count *= 4, ++trial) {
      group.barrier();
      const double start = now_s();
      reductions.start(count);
      once_s = maximumOf(group, (workers.wait() - start) / double(count));
    }
    lastOnce_s = once_s;
    const long operations = std::max(long(workers.count), long(told(group, plan.window_s / once_s)));
    Samples all[4];
    Recorder recorders[4];
    for (Recorder& recorder : recorders) recorder.begin();
    const ForeignTime foreign(group.cpu);
    double pieces = 0;
    for (int turn = 0; turn < plan.samples; ++turn) sample(group, workers, reductions, compute, operations, plan.window_s, all, pieces);
    const std::string summed = reductions.check(group);
    expectRight(group, "gloo-overlap of " + std::to_string(long(bytes)) + " bytes", summed.empty() ? compute.fault() : summed);
    for (int which = 0; which < 4; ++which) {
      const Json facts = Json().text("measure", measures[which]).number("bytes", bytes).number("ranks", group.size).text("link", group.link);
      const double perSample = which < 2 ? double(operations) : which == 2 ? plan.window_s / all[2].times_s[0] : pieces / plan.samples;
      writeTogether(group, recorders[which], foreign, "gloo-overlap", facts, {0, which < 2 ? bytes : 0}, all[which].times_s, all[which].interrupted, std::max(1L, long(perSample + 0.5)));
    }
  }
}
}  // namespace

int main(int argc, char** argv) {
  return runGloo(argc, argv, "gloo-overlap", {}, run);
}

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
  double seconds;
  int samples;
  int sizes;
};

/** Long operations are long enough to need no repeats. */
int samplesOf(const Plan& plan, double once_s) { return once_s > 0.2 ? 3 : plan.samples; }

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
  const Plan plan = options.pick(Plan{60, 7, 4}, Plan{1.7, 4, 3}, Plan{0.4, 3, 1});
  const double seconds = options.number("seconds", plan.seconds), until_s = now_s() + seconds;
  // A sample is three windows, of which the one with both lasts up to twice as long.
  const double window_s = std::clamp(seconds / (4 * plan.sizes * plan.samples), 0.01, 0.3);
  Compute compute;
  compute.setRows(size_t(told(group, double(compute.rowsInPiece()))));
  double lastOnce_s = 0;
  for (int size = 0; size < plan.sizes; ++size) {
    const double bytes = 262144 * std::pow(4, size), next_s = lastOnce_s * 4;
    const double forecast_s = samplesOf(plan, next_s) * (2.2 * std::max(next_s * workers.count, window_s) + window_s);
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
    const long operations = std::max(long(workers.count), long(told(group, window_s / once_s)));
    const int samples = samplesOf(plan, once_s);
    Samples all[4];
    Recorder recorders[4];
    for (Recorder& recorder : recorders) recorder.begin();
    const ForeignTime foreign(group.cpu);
    double pieces = 0;
    for (int turn = 0; turn < samples; ++turn) sample(group, workers, reductions, compute, operations, window_s, all, pieces);
    const std::string summed = reductions.check(group);
    expectRight(group, "gloo-overlap of " + std::to_string(long(bytes)) + " bytes", summed.empty() ? compute.fault() : summed);
    for (int which = 0; which < 4; ++which) {
      const Json facts = Json().text("measure", measures[which]).number("bytes", bytes).number("ranks", group.size).text("link", group.link);
      const double perSample = which < 2 ? double(operations) : which == 2 ? window_s / all[2].times_s[0] : pieces / samples;
      writeTogether(group, recorders[which], foreign, "gloo-overlap", facts, {0, which < 2 ? bytes : 0}, all[which].times_s, all[which].interrupted, std::max(1L, long(perSample + 0.5)));
    }
  }
}
}  // namespace

int main(int argc, char** argv) {
  return runGloo(argc, argv, "gloo-overlap", {}, run);
}

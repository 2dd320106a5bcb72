// What a kernel costs that does nothing: host time per launch, round trip with synchronise, device time per kernel of a full queue, and the same
// for kernels in a graph. The kernel counts its runs where it is given a counter; the timed ones are given none, the check's are.
#include "gpu/device.hpp"

namespace {
using namespace exatwin;
/** Below the depth of the launch queue (1,024 in the runtimes known), so that the host never waits for room. */
constexpr int kernels = 200;

__global__ void countRuns(unsigned* counter) {
  if (counter != nullptr && threadIdx.x == 0) atomicAdd(counter, 1u);
}

/** Records `kernels` launches into a graph. */
class Graph {
 public:
  Graph(const Stream& stream, unsigned* counter) {
    cudaGraph_t graph;
    require(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
    for (int turn = 0; turn < kernels; ++turn) countRuns<<<1, 32, 0, stream>>>(counter);
    require(cudaStreamEndCapture(stream, &graph), "cudaStreamEndCapture");
    require(cudaGraphInstantiateWithFlags(&instance, graph, 0), "cudaGraphInstantiate");
    cudaGraphDestroy(graph);
  }
  ~Graph() { cudaGraphExecDestroy(instance); }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  void launch(cudaStream_t stream) const { require(cudaGraphLaunch(instance, stream), "cudaGraphLaunch"); }

 private:
  cudaGraphExec_t instance = nullptr;
};

/** Times `enqueue` on the host; the wait for the device is outside the time unless the sample itself synchronises. */
template <class Enqueue, class Check>
void measureOnHost(const Options& options, const Json& facts, int calls, const Stream& stream, const Enqueue& enqueue, const Check& check) {
  const Repeats repeats = repeatsFor(options);
  Recorder recorder;
  recorder.begin();
  const double warm = now_s() + repeats.budget_s / 4;
  do { enqueue(); stream.wait(); } while (now_s() < warm);
  const double end = now_s() + repeats.budget_s;
  for (int sample = 0; sample < repeats.most && (sample < repeats.least || now_s() < end); ++sample) {
    const long switches = countSwitches();
    const double start = now_s();
    enqueue();
    recorder.add((now_s() - start) / calls, countSwitches() > switches);
    stream.wait();
  }
  check();
  recorder.write("gpu-launch", facts, {}, calls);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"device"});
  const std::optional<Device> device = useDevice("gpu-launch", options);
  if (!device) return 0;
  const Stream stream;
  const DeviceArray<unsigned> counter(1);
  countRuns<<<1, 32, 0, stream>>>(nullptr);  // its code is loaded here, not while a graph is recorded
  stream.wait();
  const Graph graph(stream, nullptr), countingGraph(stream, counter.data);
  const auto launchAll = [&](cudaStream_t on, unsigned* to) { for (int turn = 0; turn < kernels; ++turn) countRuns<<<1, 32, 0, on>>>(to); };
  const auto expectRuns = [&](const std::function<void()>& enqueue, unsigned expected) {
    require(cudaMemset(counter.data, 0, sizeof(unsigned)), "cudaMemset");
    require(cudaDeviceSynchronize(), "cudaMemset");
    enqueue();
    require(cudaGetLastError(), "kernel launch");
    stream.wait();
    expectNear("runs of the kernel", counter.read(0, 1)[0], expected, 0);
  };
  const auto checkLaunches = [&] { expectRuns([&] { launchAll(stream, counter.data); }, kernels); };
  const auto checkGraph = [&] { expectRuns([&] { countingGraph.launch(stream); }, kernels); };

  measureOnHost(options, device->facts("host").text("operation", "kernel-launch"), kernels, stream, [&] { launchAll(stream, nullptr); }, checkLaunches);
  measureOnHost(options, device->facts("host").text("operation", "kernel-launch-and-synchronise"), kernels, stream,
                [&] { for (int turn = 0; turn < kernels; ++turn) { countRuns<<<1, 32, 0, stream>>>(nullptr); stream.wait(); } }, checkLaunches);
  measureOnHost(options, device->facts("host").text("operation", "graph-launch").number("kernels", kernels), 1, stream, [&] { graph.launch(stream); }, checkGraph);

  // Device time: of one kernel in a row of them, the host being ahead.
  const auto measureRow = [&](const std::string& operation, const auto& enqueue, const auto& check) {
    const Repeats repeats = repeatsFor(options);
    Stopwatch watch;
    Recorder recorder;
    recorder.begin();
    const double warm = now_s() + repeats.budget_s / 4;
    do { watch.time_s(stream, 1, enqueue); } while (now_s() < warm);
    const double end = now_s() + repeats.budget_s;
    for (int sample = 0; sample < repeats.most && (sample < repeats.least || now_s() < end); ++sample) {
      const long switches = countSwitches();
      const double time_s = watch.time_s(stream, 1, enqueue);
      recorder.add(time_s / kernels, countSwitches() > switches);
    }
    check();
    recorder.write("gpu-launch", device->facts("events").text("operation", operation), {}, kernels);
  };
  measureRow("kernel-back-to-back", [&](cudaStream_t on) { launchAll(on, nullptr); }, checkLaunches);
  measureRow("kernel-in-graph", [&](cudaStream_t on) { graph.launch(on); }, checkGraph);
}

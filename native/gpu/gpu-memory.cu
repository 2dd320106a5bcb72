// Rate of the device's own memory by working set: copy, scale and triad of 16-byte elements, and the runtime's own copy beside them.
// Bytes are counted as STREAM does: each array once per pass. Small working sets stay in the L2 cache, and there the launches show.
#include "gpu/device.hpp"

namespace {
using namespace exatwin;
constexpr int threads = 256, perThread = 4;
constexpr size_t perBlock = size_t(threads) * perThread;
constexpr size_t secondOffset = 12345;

struct Copy {
  static constexpr int inputs = 1;
  static __host__ __device__ float of(float a, float) { return a; }
};
struct Scale {
  static constexpr int inputs = 1;
  static __host__ __device__ float of(float a, float) { return 0.5f * a; }
};
struct Triad {
  static constexpr int inputs = 2;
  static __host__ __device__ float of(float a, float b) { return a + 3.0f * b; }
};

// All loads stand before the first store, so that each thread has several under way.
template <class Operation> __global__ void sweep(float4* __restrict__ to, const float4* __restrict__ first, const float4* __restrict__ second) {
  const size_t start = size_t(blockIdx.x) * perBlock + threadIdx.x;
  float4 value[perThread];
#pragma unroll
  for (int turn = 0; turn < perThread; ++turn) {
    const float4 a = first[start + size_t(turn) * threads];
    float4 b = a;
    if constexpr (Operation::inputs == 2) b = second[start + size_t(turn) * threads];
    value[turn] = make_float4(Operation::of(a.x, b.x), Operation::of(a.y, b.y), Operation::of(a.z, b.z), Operation::of(a.w, b.w));
  }
#pragma unroll
  for (int turn = 0; turn < perThread; ++turn) to[start + size_t(turn) * threads] = value[turn];
}

/** Looks at the whole of an array of up to 16 MiB, and at 256 stretches of a larger one, its ends among them. */
template <class Operation> void checkResult(const DeviceArray<float>& to, const std::string& name) {
  const size_t stretch = std::min<size_t>(to.count, 16384), stretches = std::min<size_t>(256, (to.count + stretch - 1) / stretch);
  for (size_t part = 0; part < stretches; ++part) {
    const size_t from = part == stretches - 1 ? to.count - stretch : to.count / stretches * part;
    const std::vector<float> got = to.read(from, stretch);
    for (size_t at = 0; at < stretch; ++at) {
      const float expected = Operation::of(valueAt(from + at), valueAt(from + at + secondOffset));
      if (got[at] != expected) fail(name + " at " + std::to_string(from + at) + ": got " + std::to_string(got[at]) + ", expected " + std::to_string(expected));
    }
  }
}

template <class Operation, bool byRuntime = false> void run(const Options& options, const Device& device, const std::string& name, size_t bytes) {
  constexpr size_t arrays = Operation::inputs + 1;
  const size_t blocks = bytes / (arrays * perBlock * sizeof(float4)), count = blocks * perBlock * 4;
  const DeviceArray<float> to(count), first(count), second(Operation::inputs == 2 ? count : 4);
  fill(first, 0);
  fill(second, secondOffset);
  require(cudaMemset(to.data, 0xff, count * sizeof(float)), "cudaMemset");
  require(cudaDeviceSynchronize(), "cudaMemset");
  const double moved_bytes = double(arrays * count * sizeof(float));
  const auto enqueue = [&](cudaStream_t stream) {
    if constexpr (byRuntime) require(cudaMemcpyAsync(to.data, first.data, count * sizeof(float), cudaMemcpyDeviceToDevice, stream), "cudaMemcpyAsync");
    else sweep<Operation><<<unsigned(blocks), threads, 0, stream>>>(reinterpret_cast<float4*>(to.data), reinterpret_cast<const float4*>(first.data), reinterpret_cast<const float4*>(second.data));
  };
  measureOnDevice(options, "gpu-memory", device.facts("events").text("kernel", name).number("bytes", moved_bytes), {0, moved_bytes}, enqueue, [&] { checkResult<Operation>(to, name); });
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"device"});
  const std::optional<Device> device = useDevice("gpu-memory", options);
  if (!device) return 0;
  const size_t most_bytes = std::min<size_t>(options.pick<size_t>(4ull << 30, 1ull << 30, 1ull << 20), device->free_bytes / 2);
  const size_t step = options.pick<size_t>(2, 4, 4);
  for (size_t bytes = 1ull << 20; bytes <= most_bytes; bytes *= step) {
    run<Copy>(options, *device, "copy", bytes);
    run<Scale>(options, *device, "scale", bytes);
    run<Triad>(options, *device, "triad", bytes);
    run<Copy, true>(options, *device, "memcpy", bytes);
  }
}

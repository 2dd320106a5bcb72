// The CUDA device that a program measures: chosen by --device, or the benchmark is skipped by name; errors end the program with the call that
// failed; work is timed by events on its own stream. Leaves out what else uses the device: nothing in the runtime tells.
#pragma once
#include <cuda_runtime.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/measure.hpp"

namespace exatwin {
inline void require(cudaError_t status, const char* call) {
  if (status != cudaSuccess) fail(std::string(call) + ": " + cudaGetErrorString(status));
}

struct Device {
  std::string name, sm;
  int major;
  size_t free_bytes;
  /** The case keys that every row of a device has. `clock`: "events" (device time between two events) or "host" (wall time with synchronise). */
  Json facts(const std::string& clock) const { return Json().text("device", name).text("sm", sm).text("clock", clock); }
};

static __global__ void probe() {}

/** Nothing when there is no driver, no device, or no code in this program that the device can run; then that was said. */
inline std::optional<Device> useDevice(const std::string& benchmark, const Options& options) {
  int count = 0;
  const int index = int(options.number("device", 0));
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) skip(benchmark, std::string("no usable CUDA device: ") + cudaGetErrorString(status));
  else if (index < 0 || index >= count) skip(benchmark, "no CUDA device " + std::to_string(index) + ": there are " + std::to_string(count));
  if (status != cudaSuccess || index < 0 || index >= count) return std::nullopt;
  require(cudaSetDevice(index), "cudaSetDevice");
  cudaDeviceProp properties;
  require(cudaGetDeviceProperties(&properties, index), "cudaGetDeviceProperties");
  probe<<<1, 1>>>();
  cudaError_t launched = cudaGetLastError();
  if (launched == cudaSuccess) launched = cudaDeviceSynchronize();
  const std::string sm = "sm_" + std::to_string(properties.major) + std::to_string(properties.minor);
  if (launched != cudaSuccess) {
    skip(benchmark, "this build has no code for " + std::string(properties.name) + " (" + sm + "): " + cudaGetErrorString(launched));
    return std::nullopt;
  }
  size_t free_bytes = 0, total_bytes = 0;
  require(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo");
  return Device{properties.name, sm, properties.major, free_bytes};
}

/** Memory of the device, given back at the end of the scope. */
template <class Element> class DeviceArray {
 public:
  explicit DeviceArray(size_t count) : count(count) { require(cudaMalloc(&data, count * sizeof(Element)), "cudaMalloc"); }
  ~DeviceArray() { cudaFree(data); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  std::vector<Element> read(size_t from, size_t length) const {
    std::vector<Element> out(length);
    require(cudaMemcpy(out.data(), data + from, length * sizeof(Element), cudaMemcpyDeviceToHost), "cudaMemcpy");
    return out;
  }
  const size_t count;
  Element* data = nullptr;
};

class Stream {
 public:
  Stream() { require(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreate"); }
  ~Stream() { cudaStreamDestroy(stream); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  operator cudaStream_t() const { return stream; }
  void wait() const { require(cudaStreamSynchronize(stream), "cudaStreamSynchronize"); }

 private:
  cudaStream_t stream = nullptr;
};

/** Device time between two points of a stream. */
class Stopwatch {
 public:
  Stopwatch() {
    require(cudaEventCreate(&first), "cudaEventCreate");
    require(cudaEventCreate(&last), "cudaEventCreate");
  }
  ~Stopwatch() {
    cudaEventDestroy(first);
    cudaEventDestroy(last);
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  template <class Enqueue> double time_s(cudaStream_t stream, long turns, const Enqueue& enqueue) {
    require(cudaEventRecord(first, stream), "cudaEventRecord");
    for (long turn = 0; turn < turns; ++turn) enqueue(stream);
    require(cudaGetLastError(), "kernel launch");
    require(cudaEventRecord(last, stream), "cudaEventRecord");
    require(cudaEventSynchronize(last), "cudaEventSynchronize");
    float milliseconds = 0;
    require(cudaEventElapsedTime(&milliseconds, first, last), "cudaEventElapsedTime");
    return 1e-3 * double(milliseconds);
  }

 private:
  cudaEvent_t first, last;
};

/** As `measure`, with `enqueue(stream)` for the call: samples of at least 1 ms of calls back to back, as a stream of kernels runs. */
template <class Enqueue, class Check>
void measureOnDevice(const Options& options, const std::string& benchmark, const Json& facts, const Work& work, const Enqueue& enqueue, const Check& check) {
  const Repeats repeats = repeatsFor(options);
  const Stream stream;
  Stopwatch watch;
  Recorder recorder;
  recorder.begin();
  watch.time_s(stream, 1, enqueue);
  const double once_s = std::max(watch.time_s(stream, 1, enqueue), 1e-6);
  const long inner = once_s >= 1e-3 ? 1 : long(1e-3 / once_s) + 1;
  const double warm = now_s() + repeats.budget_s / 4;
  while (now_s() < warm) watch.time_s(stream, inner, enqueue);
  const double end = now_s() + repeats.budget_s;
  for (int sample = 0; sample < repeats.most && (sample < repeats.least || now_s() < end); ++sample) {
    const long switches = countSwitches();
    const double time_s = watch.time_s(stream, inner, enqueue);
    recorder.add(time_s / double(inner), countSwitches() > switches);
  }
  check();
  recorder.write(benchmark, facts, work, inner);
}

/** Multiples of 1/4 from -1 to 1 in no order that a wrong index would keep; sums of products of up to 2^20 of them are exact in fp32. */
__host__ __device__ inline float valueAt(size_t index) {
  uint32_t mixed = uint32_t(index) * 2654435761u ^ uint32_t(index >> 32) * 2246822519u;
  mixed ^= mixed >> 15;
  return 0.25f * float(int(mixed % 9u) - 4);
}

template <class Element> __global__ void fillArray(Element* to, size_t count, size_t offset) {
  for (size_t at = size_t(blockIdx.x) * blockDim.x + threadIdx.x; at < count; at += size_t(gridDim.x) * blockDim.x) to[at] = Element(valueAt(at + offset));
}

/** The value at `index` of an array is valueAt(index + offset). */
template <class Element> void fill(const DeviceArray<Element>& array, size_t offset) {
  fillArray<<<1024, 256>>>(array.data, array.count, offset);
  require(cudaDeviceSynchronize(), "fill");
}
}  // namespace exatwin

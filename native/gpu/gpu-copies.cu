// Copies between host and device by size: from and to pinned memory (device time by events, both ways at once by wall time) and pageable memory
// (wall time with synchronise: the runtime stages it). Leaves out copies between devices, which gpu-nccl shows.
#include <cstring>

#include "gpu/device.hpp"

namespace {
using namespace exatwin;
class PinnedArray {
 public:
  explicit PinnedArray(size_t bytes) { require(cudaMallocHost(&data, bytes), "cudaMallocHost"); }
  ~PinnedArray() { cudaFreeHost(data); }
  PinnedArray(const PinnedArray&) = delete;
  PinnedArray& operator=(const PinnedArray&) = delete;
  unsigned char* data = nullptr;
};

void fillHost(unsigned char* to, size_t bytes, unsigned seed) {
  for (size_t at = 0; at < bytes; ++at) to[at] = (unsigned char)((at * 2654435761u + seed) >> 13);
}

void expectEqual(const std::string& what, const unsigned char* got, const unsigned char* expected, size_t bytes) {
  if (std::memcmp(got, expected, bytes) != 0) fail(what + " of " + std::to_string(bytes) + " bytes changed them");
}

struct Arrays {
  unsigned char *out, *in;
  DeviceArray<unsigned char>&there, &back;
};

Json factsOf(const Device& device, const std::string& clock, const std::string& direction, const std::string& memory, size_t bytes) {
  return device.facts(clock).text("direction", direction).text("memory", memory).number("bytes", double(bytes));
}

/** Either direction alone, then for pinned memory both at once. `there` receives, `back` is sent from. */
void run(const Options& options, const Device& device, const Arrays& arrays, bool pinned, size_t bytes) {
  const std::string memory = pinned ? "pinned" : "pageable";
  const auto toDevice = [&](cudaStream_t stream) { require(cudaMemcpyAsync(arrays.there.data, arrays.out, bytes, cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync"); };
  const auto toHost = [&](cudaStream_t stream) { require(cudaMemcpyAsync(arrays.in, arrays.back.data, bytes, cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync"); };
  const auto checkThere = [&] { expectEqual("host to device, " + memory, arrays.there.read(0, bytes).data(), arrays.out, bytes); };
  const auto checkBack = [&] { expectEqual("device to host, " + memory, arrays.in, arrays.back.read(0, bytes).data(), bytes); };
  const Work work{0, double(bytes)};
  if (!pinned) {
    const Stream stream;
    measure(options, "gpu-copies", factsOf(device, "host", "host-to-device", memory, bytes), work, [&] { toDevice(stream); stream.wait(); }, checkThere);
    measure(options, "gpu-copies", factsOf(device, "host", "device-to-host", memory, bytes), work, [&] { toHost(stream); stream.wait(); }, checkBack);
    return;
  }
  measureOnDevice(options, "gpu-copies", factsOf(device, "events", "host-to-device", memory, bytes), work, toDevice, checkThere);
  measureOnDevice(options, "gpu-copies", factsOf(device, "events", "device-to-host", memory, bytes), work, toHost, checkBack);
  const Stream one, other;
  const auto bothWays = [&] { toDevice(one); toHost(other); one.wait(); other.wait(); };
  measure(options, "gpu-copies", factsOf(device, "host", "both", memory, bytes), {0, 2.0 * double(bytes)}, bothWays, [&] { checkThere(); checkBack(); });
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"device"});
  const std::optional<Device> device = useDevice("gpu-copies", options);
  if (!device) return 0;
  const size_t most_bytes = options.pick<size_t>(256ull << 20, 64ull << 20, 1ull << 12);
  const size_t step = options.pick<size_t>(4, 16, 64);
  DeviceArray<unsigned char> there(most_bytes), back(most_bytes);
  std::vector<unsigned char> out(most_bytes), in(most_bytes);
  const PinnedArray pinnedOut(most_bytes), pinnedIn(most_bytes);
  fillHost(out.data(), most_bytes, 1);
  fillHost(pinnedOut.data, most_bytes, 2);
  fillHost(in.data(), most_bytes, 3);
  require(cudaMemcpy(back.data, in.data(), most_bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
  for (size_t bytes = 64; bytes <= most_bytes; bytes *= step) {
    // What came before must not pass for the result.
    std::fill(in.begin(), in.end(), (unsigned char)0);
    std::memset(pinnedIn.data, 0, most_bytes);
    require(cudaMemset(there.data, 0, most_bytes), "cudaMemset");
    require(cudaDeviceSynchronize(), "cudaMemset");
    run(options, *device, {pinnedOut.data, pinnedIn.data, there, back}, true, bytes);
    run(options, *device, {out.data(), in.data(), there, back}, false, bytes);
  }
}

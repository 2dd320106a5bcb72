// Matrix products by kernels of this suite, without a library: fp16 and bf16 on tensor cores with fp32 sums and result (tensor-tile.hpp, sm_80 and
// newer), fp32 on the other cores (core-tile.hpp). They show what a plain, well-tiled kernel reaches; gpu-gemm-cublaslt shows what training runs.
#include "gpu/device-lane.cuh"
#include "gpu/gemm-shapes.hpp"

namespace {
using namespace exatwin;

template <class Element> __global__ void __launch_bounds__(TensorTile::threads, 2) tensorKernel(const uint16_t* a, const uint16_t* b, float* c, int m, int n, int k) {
  extern __shared__ __align__(128) unsigned char shared[];
  DeviceLane<Element> lane(shared);
  multiplyTile(lane, a, b, c, m, n, k, int(blockIdx.x));
}

__global__ void __launch_bounds__(CoreTile::threads, 2) coreKernel(const float* a, const float* b, float* c, int m, int n, int k) {
  __shared__ __align__(16) unsigned char shared[CoreTile::sharedBytes];
  DeviceLane<float> lane(shared);
  multiplyCoreTile(lane, a, b, c, m, n, k, int(blockIdx.x));
}

template <class Element> void runOnTensorCores(const Options& options, const Device& device, const std::string& precision) {
  // The reserve of shared memory beyond 48 KiB has to be asked for.
  require(cudaFuncSetAttribute(tensorKernel<Element>, cudaFuncAttributeMaxDynamicSharedMemorySize, TensorTile::sharedBytes), "cudaFuncSetAttribute");
  for (const Shape& shape : shapesFor(options)) {
    const Product<Element, float> product(shape);
    const unsigned blocks = unsigned(shape.m / TensorTile::side * (shape.n / TensorTile::side));
    const auto *a = reinterpret_cast<const uint16_t*>(product.a.data), *b = reinterpret_cast<const uint16_t*>(product.b.data);
    measureOnDevice(options, "gpu-gemm", shapeFacts(device, "exatwin", "mma.sync-128x128x32-4-stages", shape, precision), {shape.flop(), product.bytes()},
                    [&](cudaStream_t stream) { tensorKernel<Element><<<blocks, TensorTile::threads, TensorTile::sharedBytes, stream>>>(a, b, product.c.data, shape.m, shape.n, shape.k); },
                    [&] { product.check(precision + " on tensor cores", 1e-6); });
  }
}

void runOnCores(const Options& options, const Device& device) {
  for (const Shape& shape : shapesFor(options)) {
    const Product<float, float> product(shape);
    const unsigned blocks = unsigned(shape.m / CoreTile::side * (shape.n / CoreTile::side));
    measureOnDevice(options, "gpu-gemm", shapeFacts(device, "exatwin", "fma-128x128x8-2-stages", shape, "fp32"), {shape.flop(), product.bytes()},
                    [&](cudaStream_t stream) { coreKernel<<<blocks, CoreTile::threads, 0, stream>>>(product.a.data, product.b.data, product.c.data, shape.m, shape.n, shape.k); },
                    [&] { product.check("fp32", 1e-6); });
  }
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"device"});
  const std::optional<Device> device = useDevice("gpu-gemm", options);
  if (!device) return 0;
  if (device->major >= 8) {
    runOnTensorCores<__half>(options, *device, "fp16");
    runOnTensorCores<__nv_bfloat16>(options, *device, "bf16");
  } else {
    skip("gpu-gemm", "fp16 and bf16 by mma.sync need sm_80 or newer; this is " + device->sm);
  }
  runOnCores(options, *device);
}

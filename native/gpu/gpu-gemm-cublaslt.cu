// Matrix products by cuBLASLt, as deep-learning frameworks call it: the first algorithm its heuristic names, 32 MiB of workspace, the result in the
// precision of A and B (fp16, bf16), or fp32, or fp32 with products rounded to tf32. C = A B^T by rows is C^T = B A^T by columns, the library's order.
#include <cublasLt.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "gpu/gemm-shapes.hpp"

namespace {
using namespace exatwin;
constexpr size_t workspaceBytes = 32ull << 20;

void requireBlas(cublasStatus_t status, const char* call) {
  if (status != CUBLAS_STATUS_SUCCESS) fail(std::string(call) + ": " + cublasLtGetStatusString(status));
}

struct Precision {
  std::string name;
  cudaDataType_t type;
  cublasComputeType_t compute;
  /** Half a unit in the last place of the result, with room. */
  double rounding;
};

/** What describes one product to the library, and the algorithm that it chose; `found` is false where it has none. */
class Plan {
 public:
  Plan(cublasLtHandle_t handle, const Shape& shape, const Precision& precision) : handle(handle) {
    const cublasOperation_t transpose = CUBLAS_OP_T;
    requireBlas(cublasLtMatmulDescCreate(&product, precision.compute, CUDA_R_32F), "cublasLtMatmulDescCreate");
    requireBlas(cublasLtMatmulDescSetAttribute(product, CUBLASLT_MATMUL_DESC_TRANSA, &transpose, sizeof transpose), "cublasLtMatmulDescSetAttribute");
    layout(left, precision.type, shape.k, shape.n);
    layout(right, precision.type, shape.k, shape.m);
    layout(result, precision.type, shape.n, shape.m);
    cublasLtMatmulPreference_t preference;
    requireBlas(cublasLtMatmulPreferenceCreate(&preference), "cublasLtMatmulPreferenceCreate");
    requireBlas(cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspaceBytes, sizeof workspaceBytes), "cublasLtMatmulPreferenceSetAttribute");
    int count = 0;
    const cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(handle, product, left, right, result, result, preference, 1, &choice, &count);
    found = status == CUBLAS_STATUS_SUCCESS && count > 0;
    cublasLtMatmulPreferenceDestroy(preference);
  }
  ~Plan() {
    for (const cublasLtMatrixLayout_t one : {left, right, result}) cublasLtMatrixLayoutDestroy(one);
    cublasLtMatmulDescDestroy(product);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  void run(const void* a, const void* b, void* c, void* workspace, cudaStream_t stream) const {
    const float one = 1, zero = 0;
    requireBlas(cublasLtMatmul(handle, product, &one, b, left, a, right, &zero, c, result, c, result, &choice.algo, workspace, workspaceBytes, stream), "cublasLtMatmul");
  }
  std::string algorithm() const {
    int32_t id = -1;
    size_t written = 0;
    requireBlas(cublasLtMatmulAlgoConfigGetAttribute(&choice.algo, CUBLASLT_ALGO_CONFIG_ID, &id, sizeof id, &written), "cublasLtMatmulAlgoConfigGetAttribute");
    return "algorithm-" + std::to_string(id);
  }
  bool found = false;

 private:
  static void layout(cublasLtMatrixLayout_t& to, cudaDataType_t type, int rows, int columns) {
    requireBlas(cublasLtMatrixLayoutCreate(&to, type, uint64_t(rows), uint64_t(columns), rows), "cublasLtMatrixLayoutCreate");
  }
  cublasLtHandle_t handle;
  cublasLtMatmulDesc_t product = nullptr;
  cublasLtMatrixLayout_t left = nullptr, right = nullptr, result = nullptr;
  cublasLtMatmulHeuristicResult_t choice = {};
};

template <class Element> void runAll(const Options& options, const Device& device, cublasLtHandle_t handle, const Precision& precision) {
  const DeviceArray<unsigned char> workspace(workspaceBytes);
  for (const Shape& shape : shapesFor(options)) {
    const Plan plan(handle, shape, precision);
    if (!plan.found) {
      skip("gpu-gemm-cublaslt", "cuBLASLt has no algorithm for " + precision.name + " on " + device.sm);
      return;
    }
    const Product<Element, Element> product(shape);
    measureOnDevice(options, "gpu-gemm", shapeFacts(device, "cublaslt", plan.algorithm(), shape, precision.name), {shape.flop(), product.bytes()},
                    [&](cudaStream_t stream) { plan.run(product.a.data, product.b.data, product.c.data, workspace.data, stream); },
                    [&] { product.check(precision.name + " by cuBLASLt", precision.rounding); });
  }
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"device"});
  const std::optional<Device> device = useDevice("gpu-gemm-cublaslt", options);
  if (!device) return 0;
  cublasLtHandle_t handle;
  requireBlas(cublasLtCreate(&handle), "cublasLtCreate");
  runAll<__half>(options, *device, handle, {"fp16", CUDA_R_16F, CUBLAS_COMPUTE_32F, 1.0 / 1024});
  if (device->major >= 8) {
    runAll<__nv_bfloat16>(options, *device, handle, {"bf16", CUDA_R_16BF, CUBLAS_COMPUTE_32F, 1.0 / 128});
    runAll<float>(options, *device, handle, {"tf32", CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32, 1e-5});
  } else {
    skip("gpu-gemm-cublaslt", "bf16 and tf32 need sm_80 or newer; this is " + device->sm);
  }
  runAll<float>(options, *device, handle, {"fp32", CUDA_R_32F, CUBLAS_COMPUTE_32F, 1e-5});
  cublasLtDestroy(handle);
}

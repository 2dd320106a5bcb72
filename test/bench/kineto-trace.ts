/** A trace as PyTorch's profiler writes it, of any size: steps of calls on the host, launches, flows, kernels with long names, and a collective beside them. Events keep Kineto's layout and lengths. */
const kernelNames = [
  "ampere_bf16_s16816gemm_bf16_128x256_ldg8_f2f_stages_64x3_tn",
  "void at::native::vectorized_elementwise_kernel<4, at::native::CUDAFunctor_add<c10::BFloat16>, std::array<char*, 3ul> >(int, at::native::CUDAFunctor_add<c10::BFloat16>, std::array<char*, 3ul>)",
  "void flash_fwd_kernel<Flash_fwd_kernel_traits<128, 128, 64, 4, false, false, cutlass::bfloat16_t> >(Flash_fwd_params)",
  "void (anonymous namespace)::softmax_warp_forward<float, float, float, 11, false, false>(float*, float const*, int, int, int, bool const*, int, bool)",
];
const launchesPerStep = 2000;

/** One launch: the call on the host, the runtime's, the flow between both, the kernel. */
function launch(id: number, from: number): string {
  const kernel = kernelNames[id % kernelNames.length] as string;
  return `  {
    "ph": "X", "cat": "cpu_op", "name": "aten::${["mm", "add_", "scaled_dot_product_attention", "softmax"][id % 4]}", "pid": 1102, "tid": 1102,
    "ts": ${from.toFixed(3)}, "dur": 14.512,
    "args": {
      "External id": ${id}, "Record function id": 0, "Concrete Inputs": ["", "", "", "1"], "Input type": ["c10::BFloat16", "c10::BFloat16", "", "Scalar"], "Input Strides": [[4096, 1], [1, 4096], [], []], "Input Dims": [[8192, 4096], [4096, 4096], [], []], "Ev Idx": ${id}
    }
  },
  {
    "ph": "X", "cat": "cuda_runtime", "name": "cudaLaunchKernel", "pid": 1102, "tid": 1102,
    "ts": ${(from + 6).toFixed(3)}, "dur": 4.1,
    "args": {
      "External id": ${id}, "cbid": 211, "correlation": ${id}
    }
  },
  {
    "ph": "s", "id": ${id}, "pid": 1102, "tid": 1102, "ts": ${(from + 6).toFixed(3)},
    "cat": "ac2g", "name": "ac2g"
  },
  {
    "ph": "X", "cat": "kernel", "name": "${kernel}", "pid": 0, "tid": 7,
    "ts": ${(from + 20).toFixed(3)}, "dur": ${(8 + (id % 17)).toFixed(3)},
    "args": {
      "External id": ${id}, "queued": 0, "device": 0, "context": 1, "stream": 7, "correlation": ${id}, "registers per thread": 32, "shared memory": 0, "blocks per SM": 18.962963, "warps per SM": 151.703705, "grid": [2048, 1, 1], "block": [256, 1, 1], "est. achieved occupancy %": 100
    }
  },
  {
    "ph": "f", "id": ${id}, "pid": 0, "tid": 7, "ts": ${(from + 20).toFixed(3)},
    "cat": "ac2g", "name": "ac2g", "bp": "e"
  }`;
}

function step(number: number): string {
  const from = 1_712_195_495_000_000 + number * launchesPerStep * 30;
  const first = number * (launchesPerStep + 1);
  const parts = [`  {
    "ph": "X", "cat": "user_annotation", "name": "ProfilerStep#${number}", "pid": 1102, "tid": 1102,
    "ts": ${from.toFixed(3)}, "dur": ${(launchesPerStep * 30).toFixed(3)},
    "args": { "External id": ${first}, "Ev Idx": ${first} }
  }`];
  for (let index = 0; index < launchesPerStep; index++) parts.push(launch(first + 1 + index, from + index * 30));
  parts.push(`  {
    "ph": "X", "cat": "kernel", "name": "ncclDevKernel_AllReduce_Sum_bf16_RING_LL(ncclDevKernelArgsStorage<4096ul>)", "pid": 0, "tid": 20,
    "ts": ${(from + 1000).toFixed(3)}, "dur": 20000.0,
    "args": { "External id": ${first}, "device": 0, "stream": 20, "Collective name": "allreduce", "In msg nelems": 26214400, "Out msg nelems": 26214400, "Group size": 8, "dtype": "BFloat16" }
  }`);
  return parts.join(",\n");
}

/** Text of the trace in pieces of one step each, at least so many bytes in all. */
export function* kinetoTrace(bytes: number): Generator<string> {
  let written = 0;
  const head = `{
  "schemaVersion": 1,
  "deviceProperties": [{ "id": 0, "name": "NVIDIA H100 80GB HBM3", "totalGlobalMem": 85045149696 }],
  "distributedInfo": { "backend": "nccl", "rank": 0, "world_size": 8 },
  "displayTimeUnit": "ms",
  "traceEvents": [\n`;
  yield head;
  for (let number = 0; written < bytes; number++) {
    const text = `${number === 0 ? "" : ",\n"}${step(number)}`;
    written += text.length;
    yield text;
  }
  yield `\n  ],\n  "traceName": "rank0.json"\n}\n`;
}

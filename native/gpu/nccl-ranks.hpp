// The ranks of a NCCL communicator that live in this process: all devices of the host, or one of several processes that meet in a folder.
#pragma once
#include <nccl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "gpu/device.hpp"

namespace exatwin {
inline void requireNccl(ncclResult_t status, const char* call) {
  if (status != ncclSuccess) fail(std::string(call) + ": " + ncclGetErrorString(status));
}

struct Rank {
  int index, device;
  ncclComm_t comm;
  cudaStream_t stream;
  float *from, *to;
};

class Ranks {
 public:
  /** `mostBytes`: the longest vector that will be sent. With --rank, rank 0 writes the identifier into --store under a name of its own run. */
  Ranks(const Options& options, size_t mostBytes) {
    const int rank = int(options.number("rank", -1));
    if (rank < 0) {
      require(cudaGetDeviceCount(&size), "cudaGetDeviceCount");
      if (size < 2) return;
      std::vector<ncclComm_t> comms(static_cast<size_t>(size));
      requireNccl(ncclCommInitAll(comms.data(), size, nullptr), "ncclCommInitAll");
      for (int index = 0; index < size; ++index) add(index, index, comms[size_t(index)], mostBytes);
      return;
    }
    size = int(options.number("size", 0));
    const std::string store = options.get("store", "");
    if (size < 2 || rank >= size || store.empty()) {
      std::fprintf(stderr, "--rank R needs --size N above R and at least 2, and --store FOLDER\n");
      std::exit(2);
    }
    const ncclUniqueId id = rank == 0 ? writeId(store + "/nccl-id") : readId(store + "/nccl-id");
    ncclComm_t comm;
    requireNccl(ncclCommInitRank(&comm, size, id, rank), "ncclCommInitRank");
    if (rank == 0) std::remove((store + "/nccl-id").c_str());
    add(rank, int(options.number("device", 0)), comm, mostBytes);
  }
  ~Ranks() {
    for (const Rank& one : local) {
      cudaSetDevice(one.device);
      ncclCommDestroy(one.comm);
      cudaStreamDestroy(one.stream);
      cudaFree(one.from);
      cudaFree(one.to);
    }
  }
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  int size = 1;
  std::vector<Rank> local;

 private:
  void add(int index, int device, ncclComm_t comm, size_t mostBytes) {
    Rank rank{index, device, comm, nullptr, nullptr, nullptr};
    require(cudaSetDevice(device), "cudaSetDevice");
    require(cudaStreamCreateWithFlags(&rank.stream, cudaStreamNonBlocking), "cudaStreamCreate");
    const size_t bytes = mostBytes + size_t(size) * sizeof(float);
    for (float** buffer : {&rank.from, &rank.to}) {
      require(cudaMalloc(buffer, bytes), "cudaMalloc");
      require(cudaMemset(*buffer, 0, bytes), "cudaMemset");
    }
    require(cudaDeviceSynchronize(), "cudaMemset");
    local.push_back(rank);
  }
  // Written beside and renamed, so that nobody reads half of it.
  static ncclUniqueId writeId(const std::string& path) {
    ncclUniqueId id;
    requireNccl(ncclGetUniqueId(&id), "ncclGetUniqueId");
    std::ofstream(path + ".draft", std::ios::binary).write(id.internal, sizeof id.internal);
    if (std::rename((path + ".draft").c_str(), path.c_str()) != 0) fail("cannot write " + path);
    return id;
  }
  static ncclUniqueId readId(const std::string& path) {
    ncclUniqueId id;
    const double end = now_s() + 60;
    while (now_s() < end) {
      std::ifstream file(path, std::ios::binary);
      if (file.read(id.internal, sizeof id.internal)) return id;
      usleep(50000);
    }
    fail("rank 0 did not write " + path + " within 60 s");
  }
};
}  // namespace exatwin

// The bookkeeping of a negotiation coordinator without its messages: a request on the wire, its parser, and the table
// that collects one request per rank for each tensor and answers when all have asked.
// Handling is "lean" (moves, no needless copy) or "copying" (byte string, request and name copied, shapes rebuilt
// dimension by dimension, as in Horovod before 0.13.3): the span between careful code and code of that time.
// Leaves out FlatBuffers (a fixed layout instead), the timeline, the check for stalled tensors, and fusion.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

enum class Handling { none, lean, copying };

struct Request {
  int32_t rank = 0, root = 0, device = 0;
  uint8_t operation = 0, dataType = 0;
  std::string name;
  std::vector<int64_t> shape;
};

template <class T> void appendBytes(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T> T takeBytes(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

// Rank first, so that one template per tensor serves all ranks.
inline std::vector<std::string> buildMessages(int tensors) {
  std::vector<std::string> messages;
  for (int t = 0; t < tensors; ++t) {
    std::string name = "DistributedOptimizer_Allreduce/gradients_layer_" + std::to_string(t);
    name += "_convolution_filter_gradient_control_dependency_value";
    name.resize(64 + static_cast<size_t>(t * 7 % 37));
    std::string bytes;
    appendBytes<int32_t>(bytes, 0);
    appendBytes<int32_t>(bytes, 0);
    appendBytes<int32_t>(bytes, t % 6);
    appendBytes<uint8_t>(bytes, 0);
    appendBytes<uint8_t>(bytes, 6);
    appendBytes<uint16_t>(bytes, static_cast<uint16_t>(name.size()));
    bytes += name;
    appendBytes<uint32_t>(bytes, 4);
    for (int64_t dim : {3, 3, 64 + t, 128}) appendBytes<int64_t>(bytes, dim);
    messages.push_back(bytes);
  }
  return messages;
}

inline void setRank(std::string& message, int32_t rank) { std::memcpy(message.data(), &rank, sizeof rank); }

inline Request parseRequest(const char* at) {
  Request request;
  request.rank = takeBytes<int32_t>(at);
  request.root = takeBytes<int32_t>(at);
  request.device = takeBytes<int32_t>(at);
  request.operation = takeBytes<uint8_t>(at);
  request.dataType = takeBytes<uint8_t>(at);
  const auto length = takeBytes<uint16_t>(at);
  request.name.assign(at, length);
  at += length;
  request.shape.resize(takeBytes<uint32_t>(at));
  std::memcpy(request.shape.data(), at, request.shape.size() * sizeof(int64_t));
  return request;
}

struct Coordinator {
  size_t ranks;
  Handling handling;
  std::unordered_map<std::string, std::vector<Request>> table{};
  std::vector<int32_t> devices{};
  long responses = 0, rankSum = 0, mismatches = 0;

  void acceptMessage(const char* bytes, size_t length) {
    if (handling == Handling::none) {
      rankSum += length > 0 ? takeBytes<int32_t>(bytes) : 1;
    } else if (handling == Handling::lean) {
      Request request = parseRequest(bytes);
      auto& requests = table[request.name];
      requests.push_back(std::move(request));
      if (requests.size() == ranks) answerTensor(std::string(requests[0].name));
    } else {
      const std::string received(bytes, length);
      const Request request = parseRequest(received.data());
      const std::string name = request.name;
      if (countCopy(request)) answerTensor(name);
    }
  }

  bool countCopy(Request request) {
    const std::string name = request.name;
    auto& requests = table[name];
    requests.push_back(request);
    return requests.size() == ranks;
  }

  bool hasSameShape(const Request& first, const Request& other) const {
    if (handling == Handling::lean) return first.shape == other.shape;
    std::vector<int64_t> shape;
    for (int64_t dim : other.shape) shape.push_back(dim);
    return first.shape == shape;
  }

  void answerTensor(const std::string& name) {
    const auto found = table.find(name);
    const auto& requests = found->second;
    devices.assign(ranks, 0);
    for (const auto& request : requests) {
      const bool same = request.dataType == requests[0].dataType && request.operation == requests[0].operation &&
                        request.device == requests[0].device && hasSameShape(requests[0], request);
      mismatches += same ? 0 : 1;
      devices[static_cast<size_t>(request.rank)] = request.device;
      rankSum += request.rank;
    }
    ++responses;
    table.erase(found);
  }

  bool isRight(long tensors, long expectedRankSum) const {
    const bool counted = handling == Handling::none || (responses == tensors && table.empty());
    return counted && mismatches == 0 && rankSum == expectedRankSum;
  }
};

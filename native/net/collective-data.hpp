// What goes into a collective and what must come out: small whole numbers that depend on rank and place, so that every sum is exact in FP32.
// `elements` is the longer of the two vectors (as nccl-tests counts bytes), a multiple of the number of ranks; the shorter one is its share.
#pragma once
#include <string>
#include <vector>

namespace exatwin {
enum class Kind { allReduce, allGather, reduceScatter, allToAll, broadcast };

struct NamedKind {
  Kind kind;
  const char* name;
};
constexpr NamedKind kinds[] = {{Kind::allReduce, "all-reduce"}, {Kind::allGather, "all-gather"}, {Kind::reduceScatter, "reduce-scatter"}, {Kind::allToAll, "all-to-all"}, {Kind::broadcast, "broadcast"}};

inline float inputOf(int rank, size_t place) { return float(rank + 1) + float(place % 7); }

inline float sumOf(int size, size_t place) { return float(size * (size + 1)) / 2 + float(size) * float(place % 7); }

inline size_t inputLength(Kind kind, int size, size_t elements) { return kind == Kind::allGather ? elements / size_t(size) : elements; }
inline size_t outputLength(Kind kind, int size, size_t elements) { return kind == Kind::reduceScatter ? elements / size_t(size) : elements; }

inline float outputOf(Kind kind, int rank, int size, int root, size_t elements, size_t place) {
  const size_t share = elements / size_t(size);
  switch (kind) {
    case Kind::allReduce: return sumOf(size, place);
    case Kind::allGather: return inputOf(int(place / share), place % share);
    case Kind::reduceScatter: return sumOf(size, size_t(rank) * share + place);
    case Kind::allToAll: return inputOf(int(place / share), size_t(rank) * share + place % share);
    case Kind::broadcast: return inputOf(root, place);
  }
  return -1;
}

inline void fillInput(float* data, int rank, size_t length) {
  for (size_t place = 0; place < length; ++place) data[place] = inputOf(rank, place);
}

/** Empty if every element is right. */
inline std::string faultIn(const float* data, Kind kind, int rank, int size, int root, size_t elements) {
  for (size_t place = 0; place < outputLength(kind, size, elements); ++place) {
    const float expected = outputOf(kind, rank, size, root, elements, place);
    if (data[place] != expected) return "element " + std::to_string(place) + " is " + std::to_string(data[place]) + ", not " + std::to_string(expected);
  }
  return "";
}

/** A fault in the name, or nothing. */
inline std::string refuseOnly(const std::string& only) {
  std::string names;
  for (const NamedKind& named : kinds) {
    if (only.empty() || only == named.name) return "";
    names += std::string(names.empty() ? "" : ", ") + named.name;
  }
  return "--only " + only + ": known are " + names;
}

/** Share of the allowed time at whose end a collective stops: all-reduce, which training needs most, has 40 %, the others split the rest. */
inline double shareUntil(Kind kind) { return 0.4 + 0.15 * double(int(kind)); }
}  // namespace exatwin

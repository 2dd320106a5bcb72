// oneDNN by its C++ interface, versions 2 and 3: memories from and to plain arrays, the name of the kernel, OpenMP threads.
// Kernels choose their own memory formats (`any`); reorders from and to plain arrays are made here, outside of what is timed. A framework that
// keeps plain arrays pays for them too: its operations are measured with it (native/pytorch).
#pragma once
#include <dnnl.hpp>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "cpu/threads.hpp"

namespace exatwin {
using Dims = dnnl::memory::dims;
using DataType = dnnl::memory::data_type;

class OneDnn {
 public:
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};

  void reorder(dnnl::memory& from, dnnl::memory& to) {
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
  }
  dnnl::memory fromPlain(std::vector<float>& values, const Dims& dims, const dnnl::memory::desc& format) {
    dnnl::memory plain(plainFormat(dims, DataType::f32), engine, values.data()), made(format, engine);
    reorder(plain, made);
    return made;
  }
  std::vector<float> toPlain(dnnl::memory& made, const Dims& dims) {
    size_t count = 1;
    for (const auto extent : dims) count *= size_t(extent);
    std::vector<float> values(count);
    dnnl::memory plain(plainFormat(dims, DataType::f32), engine, values.data());
    reorder(made, plain);
    return values;
  }
  static dnnl::memory::desc plainFormat(const Dims& dims, DataType type) { return {dims, type, dims.size() == 2 ? dnnl::memory::format_tag::ab : dnnl::memory::format_tag::abcd}; }
  static dnnl::memory::desc anyFormat(const Dims& dims, DataType type) { return {dims, type, dnnl::memory::format_tag::any}; }
};

/** The one that was asked for by an option, or all. */
inline std::vector<std::string> chooseFrom(const Options& options, const std::string& option, const std::vector<std::string>& all) {
  const std::string only = options.get(option, "");
  if (only.empty()) return all;
  if (std::find(all.begin(), all.end(), only) != all.end()) return {only};
  std::fprintf(stderr, "--%s: %s is none of those known:", option.c_str(), only.c_str());
  for (const std::string& one : all) std::fprintf(stderr, " %s", one.c_str());
  std::fprintf(stderr, "\n");
  std::exit(2);
}

/** A quick run has time for the first precision alone on several threads and for large work. */
inline bool isLeftToFullRuns(const Options& options, bool isFirstPrecision, int threads, double flop) { return !isFirstPrecision && options.quick && !options.tiny && (threads > 1 || flop > 6e7); }

/** Why a kernel says nothing of training, or "" if it does. Reference kernels are written to be read, not to be fast. */
inline std::string findFault(const std::string& implementation) {
  return implementation.rfind("ref", 0) == 0 ? "oneDNN has only its reference kernel (" + implementation + ") on this processor, which tells nothing of training" : "";
}

/** Tells a reason once, however many cases it is about. */
inline void skipOnce(const std::string& benchmark, const std::string& reason) {
  static std::set<std::string> told;
  if (told.insert(benchmark + reason).second) skip(benchmark, reason);
}

/**
 * The processors that OpenMP's threads are bound to, one each; 0 if it binds none. OpenMP reads its environment before the program begins, so without
 * a binding the program starts itself again with one. Called before anything uses OpenMP.
 */
inline int bindOpenMp(char** argv) {
  if (omp_get_proc_bind() != omp_proc_bind_false) return omp_get_num_places();
  if (std::getenv("EXATWIN_BOUND") != nullptr) return 0;
  std::string places;
  for (const int cpu : usableCpus()) places += (places.empty() ? "{" : ",{") + std::to_string(cpu) + "}";
  setenv("EXATWIN_BOUND", "1", 1);
  setenv("OMP_PROC_BIND", "true", 1);
  setenv("OMP_PLACES", places.c_str(), 1);
  setenv("OMP_DYNAMIC", "false", 1);
  execv("/proc/self/exe", argv);
  return 0;
}

/** Thread counts that oneDNN can be held to; none where it cannot, which is told. */
inline std::vector<int> threadCountsOfOneDnn(const std::string& benchmark, const Options& options, char** argv) {
  if (dnnl_version()->cpu_runtime != DNNL_RUNTIME_OMP) {
    skip(benchmark, "this oneDNN does not run on OpenMP, by which its threads are counted and bound");
    return {};
  }
  const int places = bindOpenMp(argv);
  if (places < 1) {
    skip(benchmark, "OpenMP does not bind its threads to processors (OMP_PROC_BIND)");
    return {};
  }
  return threadCounts(options, places);
}
}  // namespace exatwin

// What the storage programs share: their arguments, a file to work in, cases of which each that the system refuses is skipped by name.
#pragma once
#include <optional>

#include "cpu/cases.hpp"
#include "io/work-file.hpp"

namespace exatwin {
/** `--file` names a file to work in that stays: for comparisons in which another tool reads the same one. */
inline const std::vector<std::string> storageArguments = {"folder", "most-bytes", "file", "block", "depth", "only"};

inline Case storageCase(const std::string& benchmark, const std::string& name, const std::function<void(const Repeats&)>& run) {
  return {name, [=](const Repeats& repeats) {
    try {
      run(repeats);
    } catch (const StorageError& error) {
      skip(benchmark, name + ": " + error.what());
    }
  }};
}

/** Makes the file and hands it to `use`; without one, the whole benchmark is skipped by name. */
inline void withNumberedFile(const Options& options, const std::string& benchmark, const std::function<void(const std::string& path, size_t bytes)>& use) {
  const size_t bytes = chooseFileBytes(options);
  if (bytes < 4u << 20) return skip(benchmark, "--most-bytes is less than the 4 MiB that it needs");
  try {
    std::optional<WorkFolder> folder;
    std::string path = options.get("file", "");
    if (path.empty()) path = folder.emplace(options.get("folder", ".")).path + "/blocks";
    makeNumberedFile(path, bytes);
    use(path, bytes);
  } catch (const StorageError& error) {
    skip(benchmark, error.what());
  }
}

/** A word that names no case is a wrong argument, not an empty result. */
inline void runStorageCases(const Options& options, const std::string& benchmark, double full_s, const std::vector<Case>& cases) {
  if (cases.empty()) {
    std::fprintf(stderr, "%s: --only %s, --block and --depth leave no case in a file of this size\n", benchmark.c_str(), options.get("only", "").c_str());
    std::exit(2);
  }
  runCases(options, benchmark, full_s, cases);
}

/** `--block N` alone, or those that leave room for at least eight in the file. */
inline std::vector<size_t> chooseBlocks(const Options& options, size_t file_bytes, std::vector<size_t> blocks) {
  if (const size_t one = size_t(options.number("block", 0)); one > 0) blocks = {std::max<size_t>(4096, one / 4096 * 4096)};
  const size_t largest = file_bytes / 8;
  blocks.erase(std::remove_if(blocks.begin(), blocks.end(), [=](size_t block) { return block > largest; }), blocks.end());
  return blocks;
}
}  // namespace exatwin

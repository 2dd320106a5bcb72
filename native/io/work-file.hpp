// Files whose content says where it belongs: each 512 bytes begin with their place in the file and with the number of the pass that wrote them, so that a
// block read from the wrong place, or a write that never arrived, is seen. Memory is aligned as O_DIRECT needs it.
#pragma once
#include <sys/stat.h>

#include <memory>
#include <random>

#include "common/arguments.hpp"
#include "common/check.hpp"
#include "io/work-folder.hpp"

namespace exatwin {
class File {
 public:
  File(const std::string& path, int flags) : descriptor(open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor < 0) throw StorageError("cannot open a file" + std::string(flags & O_DIRECT ? " with O_DIRECT" : ""));
  }
  ~File() { close(descriptor); }
  File(const File&) = delete;
  void sync() const {
    if (fsync(descriptor) != 0) throw StorageError("cannot write to the disk");
  }
  /** Takes the file's pages out of the page cache; those that are not on the disk stay. */
  void forget() const { posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED); }
  void writeAll(const void* from, size_t bytes, off_t at) const {
    for (size_t done = 0; done < bytes;) {
      const ssize_t wrote = pwrite(descriptor, static_cast<const char*>(from) + done, bytes - done, at + off_t(done));
      if (wrote <= 0) throw StorageError("cannot write", wrote < 0 ? errno : ENOSPC);
      done += size_t(wrote);
    }
  }
  void readAll(void* to, size_t bytes, off_t at) const {
    for (size_t done = 0; done < bytes;) {
      const ssize_t got = pread(descriptor, static_cast<char*>(to) + done, bytes - done, at + off_t(done));
      if (got <= 0) throw StorageError("cannot read", got < 0 ? errno : ENODATA);
      done += size_t(got);
    }
  }
  const int descriptor;
};

class Block {
 public:
  /** Filled with noise: disks that squeeze or share equal content have nothing to gain. */
  explicit Block(size_t bytes) : bytes(bytes), memory(static_cast<uint64_t*>(std::aligned_alloc(4096, bytes)), std::free) {
    if (!memory) throw std::bad_alloc();
    std::mt19937_64 noise(bytes);
    for (size_t word = 0; word < bytes / 8; ++word) memory.get()[word] = noise();
  }
  void number(off_t at, uint64_t pass) {
    for (size_t word = 0; word < bytes / 8; word += 64) {
      memory.get()[word] = stamp(at + off_t(word) * 8);
      memory.get()[word + 1] = pass;
    }
  }
  void expect(off_t at) const {
    for (size_t word = 0; word < bytes / 8; word += 64) expectWord(word, at);
  }
  /** First and last 512 bytes: cheap enough beside a request under way. */
  void expectEnds(off_t at) const {
    expectWord(0, at);
    expectWord(bytes / 8 - 64, at);
  }
  void expectPass(off_t at, uint64_t pass) const {
    expect(at);
    for (size_t word = 0; word < bytes / 8; word += 64)
      if (memory.get()[word + 1] != pass) fail("what was written at " + std::to_string(at) + " did not arrive");
  }
  void* data() const { return memory.get(); }
  const size_t bytes;

 private:
  static uint64_t stamp(off_t at) { return uint64_t(at) * 0x9e3779b97f4a7c15ull + 12345; }
  void expectWord(size_t word, off_t at) const {
    if (memory.get()[word] != stamp(at + off_t(word) * 8)) fail("a block at " + std::to_string(at) + " holds what belongs elsewhere");
  }
  std::unique_ptr<uint64_t, decltype(&std::free)> memory;
};

/** Whole MiB, by how long a run may take and how much it may write. */
inline size_t chooseFileBytes(const Options& options) {
  return size_t(std::min(options.number("most-bytes", 512.0 * (1 << 20)), options.pick(512.0, 64.0, 4.0) * (1 << 20))) >> 20 << 20;
}

/** Writes a numbered file of `bytes`, in place where it is there already, and puts it on the disk. */
inline void makeNumberedFile(const std::string& path, size_t bytes) {
  const File file(path, O_CREAT | O_WRONLY);
  Block block(1 << 20);
  for (size_t at = 0; at < bytes; at += block.bytes) {
    block.number(off_t(at), 0);
    file.writeAll(block.data(), block.bytes, off_t(at));
  }
  file.sync();
  file.forget();
}
}  // namespace exatwin

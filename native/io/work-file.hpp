// A folder and files that vanish when the program ends, also by a signal; aligned memory; blocks that carry their own number, so that a block read from the
// wrong place is seen. A full disk or a refused open is told as an error with what the system said, and the caller skips by name.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "common/check.hpp"

namespace exatwin {
struct StorageError : std::runtime_error {
  explicit StorageError(const std::string& what) : std::runtime_error(what + ": " + std::strerror(errno)) {}
};

inline char workFolderPath[4096];

/** Removes the files of the folder and the folder: names are known, so that nothing else can be hit. Safe in a signal handler but for the listing. */
inline void removeWorkFolder() {
  if (workFolderPath[0] == 0) return;
  std::error_code ignored;
  std::filesystem::remove_all(workFolderPath, ignored);
  workFolderPath[0] = 0;
}

/** A new folder inside the one that was given; gone at the end of the program. */
class WorkFolder {
 public:
  explicit WorkFolder(const std::string& parent) {
    std::string name = parent + "/exatwin-io-XXXXXX";
    if (name.size() >= sizeof workFolderPath) throw std::runtime_error("the folder's name is too long");
    if (mkdtemp(name.data()) == nullptr) throw StorageError("cannot make a folder in " + parent);
    std::strcpy(workFolderPath, name.c_str());
    path = name;
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
      signal(number, [](int caught) {
        removeWorkFolder();
        signal(caught, SIG_DFL);
        raise(caught);
      });
  }
  ~WorkFolder() { removeWorkFolder(); }
  WorkFolder(const WorkFolder&) = delete;
  std::string path;
};

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
  /** Takes the file's pages out of the page cache; they must be on the disk. */
  void forget() const { posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED); }
  void writeAll(const void* from, size_t bytes, off_t at) const {
    for (size_t done = 0; done < bytes;) {
      const ssize_t wrote = pwrite(descriptor, static_cast<const char*>(from) + done, bytes - done, at + off_t(done));
      if (wrote <= 0) throw StorageError("cannot write");
      done += size_t(wrote);
    }
  }
  void readAll(void* to, size_t bytes, off_t at) const {
    for (size_t done = 0; done < bytes;) {
      const ssize_t got = pread(descriptor, static_cast<char*>(to) + done, bytes - done, at + off_t(done));
      if (got <= 0) throw StorageError("cannot read");
      done += size_t(got);
    }
  }
  const int descriptor;
};

/** Memory at page boundaries, as O_DIRECT needs it; touched. */
class Block {
 public:
  explicit Block(size_t bytes) : bytes(bytes), memory(static_cast<uint64_t*>(std::aligned_alloc(4096, bytes)), std::free) {
    if (!memory) throw std::runtime_error("no memory for a block");
    std::memset(memory.get(), 1, bytes);
  }
  /** Each 512 bytes begin with their place in the file. */
  void number(off_t at) {
    for (size_t sector = 0; sector < bytes / 512; ++sector) memory.get()[sector * 64] = stamp(at + off_t(sector) * 512);
  }
  void expect(off_t at) const {
    for (size_t sector = 0; sector < bytes / 512; ++sector)
      if (memory.get()[sector * 64] != stamp(at + off_t(sector) * 512)) fail("a block at " + std::to_string(at) + " holds what belongs elsewhere");
  }
  void* data() const { return memory.get(); }
  const size_t bytes;

 private:
  static uint64_t stamp(off_t at) { return uint64_t(at) * 0x9e3779b97f4a7c15ull + 12345; }
  std::unique_ptr<uint64_t, decltype(&std::free)> memory;
};

/** Writes a numbered file of `bytes` in blocks and puts it on the disk. */
inline void makeNumberedFile(const std::string& path, size_t bytes) {
  const File file(path, O_CREAT | O_TRUNC | O_WRONLY);
  Block block(1 << 20);
  for (size_t at = 0; at < bytes; at += block.bytes) {
    block.number(off_t(at));
    file.writeAll(block.data(), block.bytes, off_t(at));
  }
  file.sync();
  file.forget();
}
}  // namespace exatwin

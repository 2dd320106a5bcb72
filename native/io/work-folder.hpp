// A new folder inside the one that was given, gone when the program ends: at its end, after a wrong result, and by a signal that ends it. What the handler
// of a signal may call is little, so files are listed and removed by system calls alone; only plain files are expected, and nothing else is touched.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace exatwin {
/** A full disk, a missing permission, a refused way of opening: the caller skips by name. */
struct StorageError : std::runtime_error {
  explicit StorageError(const std::string& what, int number = errno) : std::runtime_error(what + ": " + std::strerror(number)) {}
};

inline char workFolderPath[4096];

/** One sweep over the names of an open folder; how many it removed. */
inline int removeListed(int folder) {
  alignas(8) static char listing[32768];
  int removed = 0;
  lseek(folder, 0, SEEK_SET);
  for (long bytes; (bytes = syscall(SYS_getdents64, folder, listing, sizeof listing)) > 0;)
    for (long at = 0; at < bytes;) {
      // The kernel's record: inode (8 bytes), offset (8), length of the record (2), kind (1), name.
      uint16_t length;
      std::memcpy(&length, listing + at + 16, sizeof length);
      removed += unlinkat(folder, listing + at + 19, 0) == 0;
      at += length;
    }
  return removed;
}

inline void removeWorkFolder() {
  if (workFolderPath[0] == 0) return;
  const int folder = open(workFolderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    while (removeListed(folder) > 0) {}
    close(folder);
  }
  rmdir(workFolderPath);
  workFolderPath[0] = 0;
}

class WorkFolder {
 public:
  explicit WorkFolder(const std::string& parent) {
    std::string name = parent + "/exatwin-io-XXXXXX";
    if (name.size() >= sizeof workFolderPath) throw StorageError("the folder's name", ENAMETOOLONG);
    // A signal between the making of the folder and the note of its name waits.
    sigset_t ending, before;
    sigemptyset(&ending);
    for (const int number : endings) sigaddset(&ending, number);
    sigprocmask(SIG_BLOCK, &ending, &before);
    const bool made = mkdtemp(name.data()) != nullptr;
    const int reason = errno;
    if (made) std::strcpy(workFolderPath, name.c_str());
    for (const int number : endings)
      signal(number, [](int caught) {
        removeWorkFolder();
        signal(caught, SIG_DFL);
        raise(caught);
      });
    sigprocmask(SIG_SETMASK, &before, nullptr);
    if (!made) throw StorageError("cannot make a folder in " + parent, reason);
    std::atexit(removeWorkFolder);
    path = name;
  }
  ~WorkFolder() { removeWorkFolder(); }
  WorkFolder(const WorkFolder&) = delete;
  std::string path;

 private:
  static constexpr int endings[] = {SIGINT, SIGTERM, SIGHUP};
};
}  // namespace exatwin

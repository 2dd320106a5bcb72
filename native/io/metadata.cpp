// Operations on names: create an empty file, stat, rename, list a folder (time per name), unlink. A sample is one name, or for list one folder. Nothing is
// waited for until it is on the disk: these are the rates of the kernel's own tables, or of the server where the file system is remote.
#include <dirent.h>

#include "io/record-each.hpp"
#include "io/work-file.hpp"

namespace {
using namespace exatwin;

int countListed(const std::string& path) {
  DIR* open = opendir(path.c_str());
  if (!open) throw StorageError("cannot list a folder");
  int found = 0;
  while (const dirent* entry = readdir(open)) found += entry->d_name[0] == 'b';
  closedir(open);
  return found;
}

void measureNames(const Options& options, const std::string& folder) {
  const auto name = [&](char prefix, int index) { return folder + "/" + prefix + std::to_string(index); };
  const double end = now_s() + options.pick(0.6, 0.2, 0.05);
  int names = 0;
  const auto record = [&](const char* operation, const std::function<bool(int)>& goesOn, const std::function<void(int)>& work) {
    recordEach("metadata", Json().text("operation", operation), {}, goesOn, work);
  };
  const auto each = [&](int index) { return index < names; };
  const int most = options.pick(20000, 3000, 200);
  record("create", [&](int index) { return index < most && (index < 20 || now_s() < end); }, [&](int index) {
    const File file(name('a', index), O_CREAT | O_EXCL | O_WRONLY);
    names = index + 1;
  });
  record("stat", each, [&](int index) {
    struct stat status;
    if (stat(name('a', index).c_str(), &status) != 0) throw StorageError("cannot stat");
    if (status.st_size != 0) fail("an empty file of " + std::to_string(status.st_size) + " bytes");
  });
  record("rename", each, [&](int index) {
    if (rename(name('a', index).c_str(), name('b', index).c_str()) != 0) throw StorageError("cannot rename");
  });
  Recorder listing;
  listing.begin();
  for (int turn = 0; turn < 6; ++turn) {
    const long switches = countSwitches();
    const double start = now_s();
    const int found = countListed(folder);
    const double time_s = (now_s() - start) / names;
    if (found != names) fail("a listing of " + std::to_string(names) + " names has " + std::to_string(found));
    if (turn > 0) listing.add(time_s, countSwitches() > switches);
  }
  listing.write("metadata", Json().text("operation", "list"), {}, names);
  record("unlink", each, [&](int index) {
    if (unlink(name('b', index).c_str()) != 0) throw StorageError("cannot unlink");
  });
  if (const int left = countListed(folder); left != 0) fail(std::to_string(left) + " names are left after all were unlinked");
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  try {
    const WorkFolder folder(options.get("folder", "."));
    measureNames(options, folder.path);
  } catch (const StorageError& error) {
    skip("metadata", error.what());
  }
}

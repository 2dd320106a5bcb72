// Operations on names: create an empty file, stat, rename, list a folder (time per name), unlink. A sample is one name, or one folder for list.
#include <dirent.h>

#include "common/measure.hpp"
#include "io/work-file.hpp"

int main(int argc, char** argv) {
  using namespace exatwin;
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  const int names = options.pick(20000, 3000, 200);
  try {
    const WorkFolder folder(options.get("folder", "."));
    const auto name = [&](const char* prefix, int index) { return folder.path + "/" + prefix + std::to_string(index); };
    const auto record = [&](const char* operation, const std::function<void(int)>& work) {
      Recorder recorder;
      recorder.begin();
      for (int index = 0; index < names; ++index) {
        const long switches = countSwitches();
        const double start = now_s();
        work(index);
        recorder.add(now_s() - start, countSwitches() > switches);
      }
      recorder.write("metadata", Json().text("operation", operation), {});
    };
    record("create", [&](int index) { File(name("a", index), O_CREAT | O_EXCL | O_WRONLY); });
    record("stat", [&](int index) {
      struct stat status;
      if (stat(name("a", index).c_str(), &status) != 0 || status.st_size != 0) throw StorageError("cannot stat");
    });
    record("rename", [&](int index) {
      if (rename(name("a", index).c_str(), name("b", index).c_str()) != 0) throw StorageError("cannot rename");
    });
    Recorder listing;
    listing.begin();
    for (int turn = 0; turn < 5; ++turn) {
      const long switches = countSwitches();
      const double start = now_s();
      DIR* open = opendir(folder.path.c_str());
      if (!open) throw StorageError("cannot list");
      int found = 0;
      while (const dirent* entry = readdir(open)) found += entry->d_name[0] == 'b';
      closedir(open);
      if (found != names) fail("a listing of " + std::to_string(names) + " names has " + std::to_string(found));
      listing.add((now_s() - start) / names, countSwitches() > switches);
    }
    listing.write("metadata", Json().text("operation", "list"), {}, names);
    record("unlink", [&](int index) {
      if (unlink(name("b", index).c_str()) != 0) throw StorageError("cannot unlink");
    });
  } catch (const StorageError& error) {
    skip("metadata", error.what());
  }
}

// Time until an append is on the disk: write at the end of a file and fsync, by size of the append, as a log or a checkpoint waits for it.
// Left out: whether the disk keeps its word when it says so.
#include "cpu/cases.hpp"
#include "io/work-file.hpp"

namespace {
using namespace exatwin;

void measureAppends(const std::string& path, size_t bytes, int most, const Repeats& repeats) {
  const File file(path, O_CREAT | O_EXCL | O_RDWR);
  Block block(bytes);
  Recorder recorder;
  recorder.begin();
  const double end = now_s() + repeats.budget_s;
  int count = 0;
  // The first two are not kept: they give the file its first place on the disk.
  for (; count < most && (count < 8 || now_s() < end); ++count) {
    const off_t at = off_t(count) * off_t(bytes);
    block.number(at, 1);
    const long switches = countSwitches();
    const double start = now_s();
    file.writeAll(block.data(), bytes, at);
    file.sync();
    if (count >= 2) recorder.add(now_s() - start, countSwitches() > switches);
  }
  file.forget();
  for (const int one : {0, count / 2, count - 1}) {
    file.readAll(block.data(), bytes, off_t(one) * off_t(bytes));
    block.expectPass(off_t(one) * off_t(bytes), 1);
  }
  recorder.write("fsync", Json().number("bytes", double(bytes)), {0, double(bytes)});
  unlink(path.c_str());
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  const double mostBytes = options.number("most-bytes", 512.0 * (1 << 20));
  try {
    const WorkFolder folder(options.get("folder", "."));
    std::vector<Case> cases;
    for (const size_t bytes : options.pick(std::vector<size_t>{4096, 65536, 1 << 20, 4 << 20}, std::vector<size_t>{4096, 1 << 20}, std::vector<size_t>{4096, 65536})) {
      const int most = int(std::min<double>(options.pick(2000, 200, 10), mostBytes / double(bytes)));
      const std::string name = "appends of " + std::to_string(bytes) + " bytes";
      if (most < 8) skip("fsync", name + ": --most-bytes does not allow eight of them");
      else
        cases.push_back({name, [=, &folder](const Repeats& repeats) {
          try {
            measureAppends(folder.path + "/log-" + std::to_string(bytes), bytes, most, repeats);
          } catch (const StorageError& error) {
            skip("fsync", name + ": " + error.what());
          }
        }});
    }
    runCases(options, "fsync", 4, cases);
  } catch (const StorageError& error) {
    skip("fsync", error.what());
  }
}

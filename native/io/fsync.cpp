// Time until an append is on the disk: write at the end of a file and fsync, by size of the append. As a checkpoint or a log waits for it.
#include "common/measure.hpp"
#include "io/work-file.hpp"

int main(int argc, char** argv) {
  using namespace exatwin;
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  try {
    const WorkFolder folder(options.get("folder", "."));
    for (const size_t bytes : options.pick(std::vector<size_t>{4096, 65536, 1 << 20}, std::vector<size_t>{4096, 1 << 20}, std::vector<size_t>{4096})) {
      const File file(folder.path + "/log-" + std::to_string(bytes), O_CREAT | O_TRUNC | O_RDWR);
      Block block(bytes);
      Recorder recorder;
      recorder.begin();
      const int most = std::max(8, std::min(options.pick(2000, 200, 10), int(options.number("most-bytes", 512.0 * (1 << 20)) / 4 / double(bytes))));
      const double end = now_s() + options.pick(1.5, 0.3, 0.05);
      int count = 0;
      for (; count < most && (count < 8 || now_s() < end); ++count) {
        block.number(off_t(count) * off_t(bytes));
        const long switches = countSwitches();
        const double start = now_s();
        file.writeAll(block.data(), bytes, off_t(count) * off_t(bytes));
        file.sync();
        if (count >= 2) recorder.add(now_s() - start, countSwitches() > switches);
      }
      file.readAll(block.data(), bytes, off_t(count - 1) * off_t(bytes));
      block.expect(off_t(count - 1) * off_t(bytes));
      recorder.write("fsync", Json().number("bytes", double(bytes)), {0, double(bytes)});
    }
  } catch (const StorageError& error) {
    skip("fsync", error.what());
  }
}

// Small files as a data set of one sample per file has them: created and put on the disk, read past the page cache (read-cold) and from it (read-warm).
// A sample is one file: open, read or write, close. Every file read is checked.
#include "common/measure.hpp"
#include "io/work-file.hpp"

namespace {
using namespace exatwin;

void measureFiles(const std::string& folder, size_t bytes, int files) {
  Block block(bytes);
  const auto name = [&](int index) { return folder + "/file-" + std::to_string(bytes) + "-" + std::to_string(index); };
  const auto record = [&](const char* operation, const std::function<void(int)>& work) {
    Recorder recorder;
    recorder.begin();
    for (int index = 0; index < files; ++index) {
      const long switches = countSwitches();
      const double start = now_s();
      work(index);
      recorder.add(now_s() - start, countSwitches() > switches);
    }
    recorder.write("small-files", Json().text("operation", operation).number("bytes", double(bytes)), {0, double(bytes)});
  };
  record("create", [&](int index) {
    block.number(off_t(index) << 24);
    const File file(name(index), O_CREAT | O_TRUNC | O_WRONLY);
    file.writeAll(block.data(), bytes, 0);
    file.sync();
  });
  for (int index = 0; index < files; ++index) File(name(index), O_RDONLY).forget();
  for (const char* operation : {"read-cold", "read-warm"})
    record(operation, [&](int index) {
      const File file(name(index), O_RDONLY);
      file.readAll(block.data(), bytes, 0);
      block.expect(off_t(index) << 24);
    });
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  const int files = options.pick(1500, 200, 20);
  try {
    const WorkFolder folder(options.get("folder", "."));
    for (const size_t bytes : options.pick(std::vector<size_t>{4096, 32768, 262144, 1 << 20}, std::vector<size_t>{32768, 1 << 20}, std::vector<size_t>{32768})) {
      const double most = options.number("most-bytes", 512.0 * (1 << 20));
      measureFiles(folder.path, bytes, std::max(8, std::min(files, int(most / double(bytes) / 2))));
    }
  } catch (const StorageError& error) {
    skip("small-files", error.what());
  }
}

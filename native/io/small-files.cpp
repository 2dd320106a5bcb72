// Small files as a data set of one sample per file has them: created and put on the disk, read past the page cache (read-cold) and from it (read-warm).
// A sample is one file: open, read or write (and fsync), close. Every file read is checked. Cold are the files' pages only: their names and places on the
// disk stay known to the kernel, as dropping those takes rights over the whole machine. Left out: several threads at once, and folders of millions.
#include "cpu/cases.hpp"
#include "io/record-each.hpp"
#include "io/work-file.hpp"

namespace {
using namespace exatwin;

void measureFiles(const std::string& folder, size_t bytes, int most, const Repeats& repeats) {
  Block block(bytes);
  const auto name = [&](int index) { return folder + "/file-" + std::to_string(bytes) + "-" + std::to_string(index); };
  // A file's number takes the place of an offset.
  const auto stampOf = [&](int index) { return off_t(index) * off_t(bytes); };
  const double end = now_s() + repeats.budget_s;
  int files = 0;
  const auto record = [&](const char* operation, const std::function<bool(int)>& goesOn, const std::function<void(int)>& work, const std::function<void(int)>& check) {
    recordEach("small-files", Json().text("operation", operation).number("bytes", double(bytes)), {0, double(bytes)}, goesOn, work, check);
  };
  block.number(stampOf(0), 0);
  record(
      "create", [&](int index) { return index < most && (index < 8 || now_s() < end); },
      [&](int index) {
        const File file(name(index), O_CREAT | O_EXCL | O_WRONLY);
        file.writeAll(block.data(), bytes, 0);
        file.sync();
      },
      [&](int index) { block.number(stampOf(files = index + 1), 0); });
  for (int index = 0; index < files; ++index) File(name(index), O_RDONLY).forget();
  for (const char* operation : {"read-cold", "read-warm"})
    record(
        operation, [&](int index) { return index < files; }, [&](int index) { File(name(index), O_RDONLY).readAll(block.data(), bytes, 0); }, [&](int index) { block.expect(stampOf(index)); });
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  const double mostBytes = options.number("most-bytes", 512.0 * (1 << 20));
  try {
    const WorkFolder folder(options.get("folder", "."));
    std::vector<Case> cases;
    for (const size_t bytes : options.pick(std::vector<size_t>{4096, 32768, 262144, 1 << 20}, std::vector<size_t>{4096, 32768, 262144}, std::vector<size_t>{4096, 32768})) {
      // All sizes lie there until the end: each has a quarter.
      const int most = int(std::min<double>(options.pick(3000, 400, 20), mostBytes / 4 / double(bytes)));
      const std::string name = "files of " + std::to_string(bytes) + " bytes";
      if (most < 8) skip("small-files", name + ": --most-bytes does not allow eight of them");
      else
        cases.push_back({name, [=, &folder](const Repeats& repeats) {
          try {
            measureFiles(folder.path, bytes, most, repeats);
          } catch (const StorageError& error) {
            skip("small-files", name + ": " + error.what());
          }
        }});
    }
    runCases(options, "small-files", 7, cases);
  } catch (const StorageError& error) {
    skip("small-files", error.what());
  }
}

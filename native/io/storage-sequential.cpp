// Sequential blocks of one file: written and read with O_DIRECT, written into the page cache, read from it (buffered) and past it (buffered-cold).
// A sample is one block; every block read is checked. Left out: several files at once, and what a disk does when it is nearly full.
#include <algorithm>

#include "common/measure.hpp"
#include "io/work-file.hpp"

namespace {
using namespace exatwin;

struct Way {
  const char* direction;
  const char* mode;
};
constexpr Way ways[] = {{"write", "direct"}, {"read", "direct"}, {"write", "buffered"}, {"read", "buffered-cold"}, {"read", "buffered"}};

void measureWay(const Options& options, const Way& way, const std::string& path, size_t bytes, size_t blockBytes) {
  const bool writes = std::string(way.direction) == "write", direct = std::string(way.mode) == "direct", cold = std::string(way.mode) == "buffered-cold";
  const File file(path, (writes ? O_WRONLY : O_RDONLY) | (direct ? O_DIRECT : 0));
  Block block(blockBytes);
  if (!writes && cold) file.forget();
  Recorder recorder;
  recorder.begin();
  const double end = now_s() + options.pick(1.2, 0.1, 0.01);
  const size_t blocks = bytes / blockBytes;
  // The first two blocks wake the disk and are not kept.
  for (size_t turn = 0; turn < blocks && (turn < 6 || now_s() < end); ++turn) {
    const off_t at = off_t(turn * blockBytes);
    if (writes) block.number(at);
    const long switches = countSwitches();
    const double start = now_s();
    if (writes) file.writeAll(block.data(), blockBytes, at);
    else file.readAll(block.data(), blockBytes, at);
    const double time_s = now_s() - start;
    if (!writes) block.expect(at);
    if (turn >= 2 || blocks < 4) recorder.add(time_s, countSwitches() > switches);
  }
  if (writes) file.sync();
  recorder.write("storage-sequential", Json().text("direction", way.direction).text("mode", way.mode).number("block", double(blockBytes)).number("bytes", double(bytes)), {0, double(blockBytes)});
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  const size_t bytes = std::max<size_t>(4, size_t(std::min(options.number("most-bytes", 512.0 * (1 << 20)), options.pick(512.0, 64.0, 4.0) * (1 << 20))) >> 20) << 20;
  const std::vector<size_t> blocks = options.pick(std::vector<size_t>{4096, 16384, 65536, 262144, 1 << 20, 4 << 20}, std::vector<size_t>{65536, 1 << 20}, std::vector<size_t>{1 << 20});
  try {
    const WorkFolder folder(options.get("folder", "."));
    const std::string path = folder.path + "/sequential";
    makeNumberedFile(path, bytes);
    for (const size_t block : blocks)
      for (const Way& way : ways) {
        try {
          measureWay(options, way, path, bytes, block);
        } catch (const StorageError& error) {
          skip("storage-sequential", std::string(way.direction) + ", " + way.mode + ": " + error.what());
        }
      }
  } catch (const StorageError& error) {
    skip("storage-sequential", error.what());
  }
}

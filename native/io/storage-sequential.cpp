// Sequential blocks of one file: written and read with O_DIRECT, written into the page cache (buffered), read past it (buffered-cold) and from it (buffered:
// the first 64 MiB, again and again). A direct sample is one block. A buffered one is 4 MiB of blocks; read cold, it is up to 64 MiB from a new start with
// the file's pages dropped, as the kernel reads ahead by megabytes: one block waits, hundreds after it do not. What was read or written is checked.
// Left out: several files at once, a disk that is nearly full, and caches below the file system (a hypervisor's, the disk's own), which no program can drop.
#include "io/storage-case.hpp"

namespace {
using namespace exatwin;

struct Way {
  const char* direction;
  const char* mode;
};
constexpr Way ways[] = {{"write", "direct"}, {"read", "direct"}, {"write", "buffered"}, {"read", "buffered-cold"}, {"read", "buffered"}};
uint64_t pass = 0;

/** Some of the blocks that were written, read past the page cache. */
void expectWritten(const File& file, Block& block, size_t blocks) {
  file.sync();
  file.forget();
  for (size_t one = 0; one < 8; ++one) {
    const off_t at = off_t(one * (blocks - 1) / 7 * block.bytes);
    file.readAll(block.data(), block.bytes, at);
    block.expectPass(at, pass);
  }
}

void measureWay(const Way& way, const std::string& path, size_t file_bytes, size_t block_bytes, const Repeats& repeats) {
  const std::string mode = way.mode;
  const bool writes = std::string(way.direction) == "write", direct = mode == "direct", warm = !writes && mode == "buffered", cold = mode == "buffered-cold";
  const File file(path, O_RDWR | (direct ? O_DIRECT : 0));
  const size_t range_bytes = warm ? std::min<size_t>(file_bytes, 64u << 20) : file_bytes;
  const size_t sample_bytes = direct ? block_bytes : cold ? std::min<size_t>(file_bytes / 2, 64u << 20) : std::min<size_t>(range_bytes / 16, 4u << 20);
  const size_t each = std::max<size_t>(1, sample_bytes / block_bytes), last = range_bytes / block_bytes / each;
  Block block(block_bytes);
  if (warm)
    for (size_t at = 0; at < range_bytes; at += block_bytes) file.readAll(block.data(), block_bytes, off_t(at));
  ++pass;
  Recorder recorder;
  recorder.begin();
  const double end = now_s() + repeats.budget_s;
  size_t sample = 0;
  // The first two wake the disk and are not kept. Reading may come round again, writing ends with the file.
  for (int kept = 0; (!writes || sample < last) && kept < 20 * repeats.most && (kept < repeats.least || now_s() < end); ++sample) {
    const size_t first = sample % last * each;
    if (cold) file.forget();
    const long switches = countSwitches();
    double time_s = 0;
    off_t at = 0;
    for (size_t turn = first; turn < first + each; ++turn) {
      at = off_t(turn * block_bytes);
      if (writes) block.number(at, pass);
      const double start = now_s();
      if (writes) file.writeAll(block.data(), block_bytes, at);
      else file.readAll(block.data(), block_bytes, at);
      time_s += now_s() - start;
    }
    if (!writes) block.expect(at);
    if (sample < 2 && !cold) continue;
    recorder.add(time_s / double(each), countSwitches() > switches);
    ++kept;
  }
  if (writes) expectWritten(file, block, sample * each);
  recorder.write("storage-sequential", Json().text("direction", way.direction).text("mode", mode).number("block", double(block_bytes)).number("bytes", double(file_bytes)), {0, double(block_bytes)}, long(each));
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, storageArguments);
  withNumberedFile(options, "storage-sequential", [&](const std::string& path, size_t bytes) {
    std::vector<Case> cases;
    for (const size_t block : chooseBlocks(options, bytes, options.pick(std::vector<size_t>{4096, 16384, 65536, 262144, 1 << 20, 4 << 20}, std::vector<size_t>{4096, 65536, 1 << 20}, std::vector<size_t>{65536})))
      for (const Way& way : ways)
        if (const std::string name = std::string(way.direction) + "-" + way.mode; options.get("only", name) == name)
          cases.push_back(storageCase("storage-sequential", name + ", blocks of " + std::to_string(block), [=](const Repeats& repeats) { measureWay(way, path, bytes, block, repeats); }));
    runStorageCases(options, "storage-sequential", 14, cases);
  });
}

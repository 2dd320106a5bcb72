// Random blocks of one file with so many under way at a time: io_uring by queue depth, pread for one at a time. A sample is a round of requests; its time is
// divided by them, so a row says how often a block is done, not how long one waits. O_DIRECT; every block read is checked.
#include <liburing.h>

#include <algorithm>
#include <memory>
#include <random>

#include "common/measure.hpp"
#include "io/work-file.hpp"

namespace {
using namespace exatwin;

class Places {
 public:
  Places(size_t bytes, size_t block) : places(0, bytes / block - 1), block(block) {}
  off_t next() { return off_t(places(generator) * block); }

 private:
  std::mt19937_64 generator{20261121};
  std::uniform_int_distribution<size_t> places;
  size_t block;
};

double timeLimit(const Options& options) { return options.pick(0.8, 0.08, 0.01); }

Json describe(const char* direction, const char* engine, size_t block, int depth) {
  return Json().text("direction", direction).text("engine", engine).text("mode", "direct").number("block", double(block)).number("depth", depth);
}

void measurePread(const Options& options, const File& file, size_t bytes, size_t blockBytes) {
  Places places(bytes, blockBytes);
  Block block(blockBytes);
  Recorder recorder;
  recorder.begin();
  const double end = now_s() + timeLimit(options);
  for (int turn = 0; turn < 12 || now_s() < end; ++turn) {
    const off_t at = places.next();
    const long switches = countSwitches();
    const double start = now_s();
    file.readAll(block.data(), blockBytes, at);
    const double time_s = now_s() - start;
    block.expect(at);
    if (turn >= 4) recorder.add(time_s, countSwitches() > switches);
  }
  recorder.write("storage-random", describe("read", "pread", blockBytes, 1), {0, double(blockBytes)});
}

void measureRing(const Options& options, const File& file, size_t bytes, size_t blockBytes, int depth, bool writes) {
  io_uring ring;
  if (const int failed = io_uring_queue_init(unsigned(depth), &ring, 0); failed < 0) {
    errno = -failed;
    throw StorageError("no io_uring");
  }
  const std::unique_ptr<io_uring, void (*)(io_uring*)> closing(&ring, io_uring_queue_exit);
  std::vector<std::unique_ptr<Block>> blocks;
  std::vector<off_t> at(size_t(depth), 0);
  for (int index = 0; index < depth; ++index) blocks.push_back(std::make_unique<Block>(blockBytes));
  Places places(bytes, blockBytes);
  const auto request = [&](int index) {
    Block& block = *blocks[size_t(index)];
    at[size_t(index)] = places.next();
    io_uring_sqe* entry = io_uring_get_sqe(&ring);
    if (writes) {
      block.number(at[size_t(index)]);
      io_uring_prep_write(entry, file.descriptor, block.data(), unsigned(blockBytes), unsigned(at[size_t(index)]));
    } else io_uring_prep_read(entry, file.descriptor, block.data(), unsigned(blockBytes), unsigned(at[size_t(index)]));
    entry->user_data = uint64_t(index);
  };
  for (int index = 0; index < depth; ++index) request(index);
  io_uring_submit(&ring);
  Recorder recorder;
  recorder.begin();
  const int round = std::max(8, depth);
  const double end = now_s() + timeLimit(options);
  for (int turn = 0; turn < 6 || now_s() < end; ++turn) {
    const long switches = countSwitches();
    const double start = now_s();
    for (int done = 0; done < round; ++done) {
      io_uring_cqe* answer = nullptr;
      if (io_uring_wait_cqe(&ring, &answer) != 0 || answer->res != int(blockBytes)) {
        errno = answer && answer->res < 0 ? -answer->res : EIO;
        throw StorageError("a request failed");
      }
      const int index = int(answer->user_data);
      io_uring_cqe_seen(&ring, answer);
      if (!writes) blocks[size_t(index)]->expect(at[size_t(index)]);
      request(index);
      io_uring_submit(&ring);
    }
    if (turn >= 2) recorder.add((now_s() - start) / round, countSwitches() > switches);
  }
  for (int left = depth; left > 0; --left) {
    io_uring_cqe* answer = nullptr;
    if (io_uring_wait_cqe(&ring, &answer) != 0) break;
    io_uring_cqe_seen(&ring, answer);
  }
  recorder.write("storage-random", describe(writes ? "write" : "read", "io_uring", blockBytes, depth), {0, double(blockBytes)}, round);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"folder", "most-bytes"});
  const size_t bytes = std::max<size_t>(4, size_t(std::min(options.number("most-bytes", 512.0 * (1 << 20)), options.pick(512.0, 64.0, 4.0) * (1 << 20))) >> 20) << 20;
  const std::vector<int> depths = options.pick(std::vector<int>{1, 2, 4, 8, 16, 32, 64}, std::vector<int>{1, 8, 32}, std::vector<int>{4});
  const std::vector<size_t> blocks = options.pick(std::vector<size_t>{4096, 65536}, std::vector<size_t>{4096}, std::vector<size_t>{4096});
  try {
    const WorkFolder folder(options.get("folder", "."));
    const std::string path = folder.path + "/random";
    makeNumberedFile(path, bytes);
    const File file(path, O_RDWR | O_DIRECT);
    for (const size_t block : blocks) {
      measurePread(options, file, bytes, block);
      for (const bool writes : {false, true})
        for (const int depth : depths) {
          try {
            measureRing(options, file, bytes, block, depth, writes);
          } catch (const StorageError& error) {
            skip("storage-random", "io_uring, depth " + std::to_string(depth) + ": " + error.what());
          }
        }
    }
  } catch (const StorageError& error) {
    skip("storage-random", error.what());
  }
}

// Random blocks of one file with so many requests under way at a time: io_uring by queue depth, and pread, one at a time. O_DIRECT. A sample of io_uring is
// a round of requests, its time divided by them: a row says how often a block is done, not how long one waits. Of each block read the first and last 512
// bytes are checked, of the writes the last sixteen. Left out: what is still in the disk's own cache when a write is said to be done.
#include <liburing.h>

#include "io/storage-case.hpp"

namespace {
using namespace exatwin;
uint64_t pass = 0;

class Places {
 public:
  Places(size_t bytes, size_t block) : places(0, bytes / block - 1), block(block) {}
  off_t next() { return off_t(places(generator) * block); }

 private:
  std::mt19937_64 generator{20261121};
  std::uniform_int_distribution<size_t> places;
  size_t block;
};

Json describe(const char* direction, const char* engine, size_t block, int depth) {
  return Json().text("direction", direction).text("engine", engine).text("mode", "direct").number("block", double(block)).number("depth", depth);
}

void measurePread(const File& file, size_t bytes, size_t blockBytes, const Repeats& repeats) {
  Places places(bytes, blockBytes);
  Block block(blockBytes);
  Recorder recorder;
  recorder.begin();
  const double warm = now_s() + repeats.budget_s / 4, end = warm + repeats.budget_s;
  for (int kept = 0; kept < 20 * repeats.most && (kept < repeats.least || now_s() < end);) {
    const off_t at = places.next();
    const long switches = countSwitches();
    const double start = now_s();
    file.readAll(block.data(), blockBytes, at);
    const double time_s = now_s() - start;
    block.expect(at);
    if (start < warm) continue;
    recorder.add(time_s, countSwitches() > switches);
    ++kept;
  }
  recorder.write("storage-random", describe("read", "pread", blockBytes, 1), {0, double(blockBytes)});
}

/** Keeps `depth` requests under way. Memory of requests outlives them: all have ended when it is destroyed. */
class Requests {
 public:
  Requests(const File& file, size_t bytes, size_t blockBytes, int depth, bool writes) : file(file), places(bytes, blockBytes), at(size_t(depth)), writes(writes) {
    if (const int failed = io_uring_queue_init(unsigned(depth), &ring, 0); failed < 0) throw StorageError("io_uring is refused", -failed);
    for (int index = 0; index < depth; ++index) blocks.push_back(std::make_unique<Block>(blockBytes));
    for (int index = 0; index < depth; ++index) ask(index);
  }
  ~Requests() {
    finish();
    io_uring_queue_exit(&ring);
  }
  Requests(const Requests&) = delete;

  /** Takes one that is done and asks for another. One by one, as fio does: taking all at once lets disk and processor wait for each other in turn. */
  void turn(bool again) {
    if (const int failed = io_uring_submit_and_wait(&ring, 1); failed < 0) throw StorageError("io_uring does not take requests", -failed);
    io_uring_cqe* answer = nullptr;
    if (io_uring_peek_cqe(&ring, &answer) != 0) return;
    const size_t index = size_t(answer->user_data);
    const int result = answer->res;
    io_uring_cqe_seen(&ring, answer);
    --underWay;
    ++done;
    if (result != int(blocks[index]->bytes)) throw StorageError("a request failed", result < 0 ? -result : EIO);
    if (!writes) blocks[index]->expectEnds(at[index]);
    else if (written.size() < 16) written.push_back(at[index]);
    else written[size_t(done % 16)] = at[index];
    if (again) ask(int(index));
  }
  void finish() {
    while (underWay > 0) {
      try {
        turn(false);
      } catch (const StorageError&) {
        // What cannot be taken back is left to the end of the ring.
        if (++failures > int(at.size())) break;
      }
    }
  }
  std::vector<off_t> written;
  long done = 0;

 private:
  void ask(int index) {
    io_uring_sqe* entry = io_uring_get_sqe(&ring);
    Block& block = *blocks[size_t(index)];
    const off_t place = at[size_t(index)] = places.next();
    if (writes) block.number(place, pass);
    if (writes) io_uring_prep_write(entry, file.descriptor, block.data(), unsigned(block.bytes), uint64_t(place));
    else io_uring_prep_read(entry, file.descriptor, block.data(), unsigned(block.bytes), uint64_t(place));
    entry->user_data = uint64_t(index);
    ++underWay;
  }
  const File& file;
  Places places;
  std::vector<off_t> at;
  const bool writes;
  io_uring ring;
  std::vector<std::unique_ptr<Block>> blocks;
  int underWay = 0, failures = 0;
};

void measureRing(const File& file, size_t bytes, size_t blockBytes, int depth, bool writes, const Repeats& repeats) {
  ++pass;
  Requests requests(file, bytes, blockBytes, depth, writes);
  Recorder recorder;
  recorder.begin();
  const int round = std::max(8, depth);
  const double warm = now_s() + repeats.budget_s / 4, end = warm + repeats.budget_s;
  for (int kept = 0; kept < 4 * repeats.most && (kept < repeats.least || now_s() < end);) {
    const long switches = countSwitches();
    const double start = now_s();
    for (const long last = requests.done + round; requests.done < last;) requests.turn(true);
    const double time_s = (now_s() - start) / round;
    if (start < warm) continue;
    recorder.add(time_s, countSwitches() > switches);
    ++kept;
  }
  requests.finish();
  Block block(blockBytes);
  for (const off_t at : requests.written) {
    file.readAll(block.data(), blockBytes, at);
    block.expectPass(at, pass);
  }
  recorder.write("storage-random", describe(writes ? "write" : "read", "io_uring", blockBytes, depth), {0, double(blockBytes)}, round);
}

/** 0, or why the system has no io_uring for this process. */
int refusal() {
  io_uring ring;
  const int failed = io_uring_queue_init(1, &ring, 0);
  if (failed == 0) io_uring_queue_exit(&ring);
  return -failed;
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, storageArguments);
  std::vector<int> depths = options.pick(std::vector<int>{1, 2, 4, 8, 16, 32, 64}, std::vector<int>{1, 8, 32}, std::vector<int>{1, 4});
  if (const int one = int(options.number("depth", 0)); one > 0) depths = {std::min(one, 64)};
  if (const int reason = refusal(); reason != 0) {
    skip("storage-random", std::string("io_uring: ") + std::strerror(reason));
    depths.clear();
  }
  withNumberedFile(options, "storage-random", [&](const std::string& path, size_t bytes) {
    const File file(path, O_RDWR | O_DIRECT);
    std::vector<Case> cases;
    const auto add = [&](const std::string& name, size_t block, const std::function<void(const Repeats&)>& run) {
      if (options.get("only", name) == name) cases.push_back(storageCase("storage-random", name + ", blocks of " + std::to_string(block), run));
    };
    for (const size_t block : chooseBlocks(options, bytes, options.pick(std::vector<size_t>{4096, 65536, 1 << 20}, std::vector<size_t>{4096}, std::vector<size_t>{4096}))) {
      add("pread", block, [&, block](const Repeats& repeats) { measurePread(file, bytes, block, repeats); });
      for (const bool writes : {false, true})
        for (const int depth : depths) add(writes ? "write" : "read", block, [&, block, depth, writes](const Repeats& repeats) { measureRing(file, bytes, block, depth, writes, repeats); });
    }
    runStorageCases(options, "storage-random", 16, cases);
  });
}

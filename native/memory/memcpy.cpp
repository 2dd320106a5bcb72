// Copies in memory by the C library's memcpy, by size and threads: each thread copies its own part. `bytes` of the case is what all threads copy together, the
// work twice that (read and written). Above a size of its own choice memcpy writes past the caches. Left out: memory of another NUMA node.
#include <cstring>

#include "cpu/cases.hpp"
#include "cpu/threads.hpp"
#include "memory/crew.hpp"
#include "memory/working-sets.hpp"

namespace {
using namespace exatwin;

void run(Crew& crew, double bytes, const Repeats& repeats) {
  const int threads = crew.team.size;
  const size_t each = std::max<size_t>(64, size_t(bytes) / size_t(threads) / 64 * 64);
  const auto source = [&](int thread) { return reinterpret_cast<uint32_t*>(crew.of(thread)); };
  const auto target = [&](int thread) { return crew.of(thread) + each; };
  const auto valueAt = [](size_t index, int thread) { return uint32_t(index) * 2654435761u + uint32_t(thread); };
  crew.team.run([&](int thread) {
    std::memset(target(thread), 0xff, each);
    for (size_t at = 0; at < each / 4; ++at) source(thread)[at] = valueAt(at, thread);
  });
  const auto check = [&] {
    for (int thread = 0; thread < threads; ++thread) {
      const uint32_t* copied = reinterpret_cast<const uint32_t*>(target(thread));
      for (size_t at = 0; at < each / 4; ++at)
        if (copied[at] != valueAt(at, thread)) fail("a copy differs at byte " + std::to_string(4 * at) + " of " + std::to_string(each));
    }
  };
  measurePasses(repeats, "memcpy", Json().number("bytes", bytes).number("threads", threads), {0, 2.0 * double(each) * threads}, crew,
                [&](int thread) {
                  std::memcpy(target(thread), source(thread), each);
                  asm volatile("" : : : "memory");
                },
                check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv);
  const std::vector<int> counts = threadCounts(options, int(usableCpus().size()));
  const std::vector<double> sizes = listWorkingSets(options, "memcpy", {4096, 256.0 * 1048576, 4, 128.0 * 1048576});
  std::unique_ptr<Crew> crew;
  std::vector<Case> cases;
  for (const int threads : counts)
    for (const double bytes : sizes)
      cases.push_back({std::to_string(long(bytes)) + " bytes by " + std::to_string(threads) + " threads", [=, &crew, &sizes](const Repeats& repeats) {
        if (!crew || crew->team.size != threads) {
          crew.reset();
          crew = std::make_unique<Crew>(threads, 2 * size_t(sizes.back()) / size_t(threads) + 4096);
        }
        run(*crew, bytes, repeats);
      }});
  runCases(options, "memcpy", 14, cases);
}

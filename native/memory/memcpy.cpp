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
  std::vector<size_t> wrong(size_t(threads), 0);
  const auto check = [&] {
    crew.team.run([&](int thread) {
      const uint32_t* copied = reinterpret_cast<const uint32_t*>(target(thread));
      size_t count = 0;
      for (size_t at = 0; at < each / 4; ++at) count += copied[at] != valueAt(at, thread);
      wrong[size_t(thread)] = count;
    });
    for (const size_t count : wrong)
      if (count > 0) fail("a copy of " + std::to_string(each) + " bytes differs in " + std::to_string(4 * count));
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
  std::vector<double> sizes = listWorkingSets(options, "memcpy", {8192, 512.0 * 1048576, 8, 128.0 * 1048576});
  // Half of a working set is what is read, half what is written.
  for (double& bytes : sizes) bytes /= 2;
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

// Latency of a load whose address the load before it gave, by working set: a walk over all cache lines of the set in one random cycle, so that neither
// prefetchers nor several loads under way help. One thread. A row's time is that of one load; a sample is many in a row.
// Pages are those that a program gets without asking (`pages` default), so that beyond the reach of the processor's table of pages a load also waits for
// the tables; `--pages huge` asks for 2 MiB pages and is skipped by name where they are not given.
#include <cstdio>
#include <numeric>
#include <random>

#include "cpu/cases.hpp"
#include "memory/crew.hpp"
#include "memory/working-sets.hpp"

namespace {
using namespace exatwin;

/** One cache line. */
struct alignas(64) Line {
  const Line* next;
  long place;
};

/** The lines in a random order, each pointing at the one after it, the last at the first. `place` counts along the cycle. */
const Line* makeCycle(Line* lines, size_t count) {
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(20261121));
  for (size_t at = 0; at < count; ++at) lines[order[at]] = {&lines[order[(at + 1) % count]], long(at)};
  return &lines[order[0]];
}

const Line* walk(const Line* line, long loads) {
  for (; loads >= 8; loads -= 8) line = line->next->next->next->next->next->next->next->next;
  for (; loads > 0; --loads) line = line->next;
  // Without this the loads would have no use and could be left out.
  asm volatile("" : "+r"(line));
  return line;
}

/** Bytes of the process that lie on huge pages; 0 where the kernel does not tell. */
double hugeBytes() {
  double kilobytes = 0;
  if (std::FILE* file = std::fopen("/proc/self/smaps_rollup", "r")) {
    char text[256];
    while (std::fgets(text, sizeof text, file))
      if (std::sscanf(text, "AnonHugePages: %lf", &kilobytes) == 1) break;
    std::fclose(file);
  }
  return 1024 * kilobytes;
}

void run(double bytes, const std::string& kind, const Repeats& repeats) {
  const bool huge = kind == "huge";
  const size_t count = size_t(bytes) / sizeof(Line);
  const double before = hugeBytes();
  const Pages pages = makePages(size_t(bytes), huge);
  if (huge && hugeBytes() - before < 0.9 * bytes) {
    skip("pointer-chase", "huge pages for " + std::to_string(long(bytes)) + " bytes: the kernel gave none or too few");
    return;
  }
  const Line* const first = makeCycle(reinterpret_cast<Line*>(pages.get()), count);
  // Once around: the caches hold what they will hold, and the cycle is seen to have every line once.
  const Line* line = first;
  for (size_t at = 0; at < count; ++at, line = line->next)
    if (line->place != long(at)) fail("the cycle of " + std::to_string(count) + " lines breaks at " + std::to_string(at));
  if (line != first) fail("the cycle does not close");
  // Long beside the clock.
  long walked = 0, loads = 4096;
  for (double time_s = 0; time_s < 1e-4; walked += loads) {
    loads *= 2;
    const double start = now_s();
    line = walk(line, loads);
    time_s = now_s() - start;
  }
  Recorder recorder;
  recorder.begin();
  const double start_s = now_s();
  double begin = start_s;
  for (int sample = 0; sample < repeats.most && (sample < repeats.least || begin < start_s + 1.25 * repeats.budget_s);) {
    const long switches = countSwitches();
    begin = now_s();
    line = walk(line, loads);
    const double time_s = now_s() - begin;
    walked += loads;
    if (begin - start_s < repeats.budget_s / 4) continue;
    recorder.add(time_s / double(loads), countSwitches() > switches);
    ++sample;
  }
  if (line->place != walked % long(count)) fail("after " + std::to_string(walked) + " loads the walk is at place " + std::to_string(line->place));
  recorder.write("pointer-chase", Json().number("bytes", bytes).text("pages", kind), {}, loads);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv, {"pages"});
  const std::string kind = options.get("pages", "default");
  if (kind != "default" && kind != "huge") {
    std::fprintf(stderr, "%s: --pages is default or huge, not %s\n", argv[0], kind.c_str());
    return 2;
  }
  pinTo(usableCpus()[0]);
  const double least = kind == "huge" ? 2.0 * 1048576 : 4096;
  std::vector<Case> cases;
  for (const double bytes : listWorkingSets(options, "pointer-chase", {least, 256.0 * 1048576, 4, 80.0 * 1048576}))
    cases.push_back({std::to_string(long(bytes)) + " bytes", [=](const Repeats& repeats) { run(bytes, kind, repeats); }});
  runCases(options, "pointer-chase", 14, cases);
}

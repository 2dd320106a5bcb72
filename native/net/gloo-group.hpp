// Ranks that Gloo connects by TCP, as a Group: one process per rank, which find each other through files in a folder (--store, empty and new for each run).
// The same transport and the same way to choose an interface as PyTorch's Gloo backend. --cpu N puts the whole process (its thread for messages too)
// on the N-th processor it may use, as one rank per core; without it the scheduler decides.
// --workers N: threads that operations run on.
// Misleading if not known: Gloo's thread for messages polls while another thread holds the lock of a connection. On one processor it may then poll
// to the end of its time slice (about 4 ms), so short operations have two typical times and their median jumps between them.
#pragma once
#include <gloo/allreduce.h>
#include <gloo/barrier.h>
#include <gloo/math.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/file_store.h>
#include <gloo/transport/tcp/device.h>

#include "common/team.hpp"
#include "net/gloo-workers.hpp"
#include "net/together.hpp"

namespace exatwin {
using Context = std::shared_ptr<gloo::Context>;

inline const std::vector<std::string> glooArguments = {"rank", "size", "store", "interface", "link", "cpu", "workers", "seconds"};

/** Tags keep operations apart that might run at the same time. */
enum GlooTag : uint32_t { barrierTag = 1, maximumTag, workTag };

/** In place, with the library's default algorithm: a ring in segments of at most 1 MiB. */
inline void allReduceInPlace(const Context& context, float* data, size_t elements, uint32_t tag = workTag) {
  gloo::AllreduceOptions work(context);
  work.setOutput(data, elements);
  work.setReduceFunction([](void* out, const void* a, const void* b, size_t count) { gloo::sum<float>(out, a, b, count); });
  work.setTag(tag);
  gloo::allreduce(work);
}

inline void maximumInPlace(const Context& context, double* values, int count) {
  gloo::AllreduceOptions work(context);
  work.setOutput(values, size_t(count));
  work.setReduceFunction([](void* out, const void* a, const void* b, size_t length) { gloo::max<double>(out, a, b, length); });
  work.setTag(maximumTag);
  gloo::allreduce(work);
}

inline Context connect(const Options& options, int rank, int size) {
  gloo::transport::tcp::attr attributes;
  attributes.iface = options.get("interface", "lo");
  std::shared_ptr<gloo::transport::Device> device = gloo::transport::tcp::CreateDevice(attributes);
  gloo::rendezvous::FileStore store(options.get("store", ""));
  auto context = std::make_shared<gloo::rendezvous::Context>(rank, size);
  context->setTimeout(std::chrono::seconds(60));
  context->connectFullMesh(store, device);
  return context;
}

/** Runs `work` on this rank. Exit 2: arguments; 1: a rank did not come or was lost; 3: wrong result. */
inline int runGloo(int argc, char** argv, const std::string& benchmark, const std::vector<std::string>& own, const std::function<void(const Options&, const Group&, const Context&, Workers&)>& work) {
  std::vector<std::string> names = glooArguments;
  names.insert(names.end(), own.begin(), own.end());
  const Options options = readOptions(argc, argv, names);
  Group group;
  group.rank = int(options.number("rank", -1));
  group.size = int(options.number("size", 0));
  group.link = options.get("link", "unnamed");
  if (group.rank < 0 || group.size < 2 || group.rank >= group.size || options.get("store", "").empty()) {
    std::fprintf(stderr, "%s: needs --rank R --size N --store FOLDER with 0 <= R < N and N >= 2\n", benchmark.c_str());
    return 2;
  }
  const std::vector<int> cpus = usableCpus();
  const int cpu = int(options.number("cpu", -1));
  if (cpu >= int(cpus.size())) {
    std::fprintf(stderr, "%s: --cpu %d, but there are %zu processors\n", benchmark.c_str(), cpu, cpus.size());
    return 2;
  }
  try {
    if (cpu >= 0) pinTo(group.cpu = cpus[size_t(cpu)]);
    const Context context = connect(options, group.rank, group.size);
    Workers workers(std::max(1, int(options.number("workers", 2))));
    group.barrier = [&] {
      workers.run([&] {
        gloo::BarrierOptions wait(context);
        wait.setTag(barrierTag);
        gloo::barrier(wait);
      });
    };
    group.maximum = [&](double* values, int count) { workers.run([&] { maximumInPlace(context, values, count); }); };
    work(options, group, context, workers);
    group.barrier();
  } catch (const WrongResult& wrong) {
    std::fprintf(stderr, "wrong result: %s\n", wrong.what());
    return 3;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: rank %d: %s\n", benchmark.c_str(), group.rank, error.what());
    return 1;
  }
  return 0;
}
}  // namespace exatwin

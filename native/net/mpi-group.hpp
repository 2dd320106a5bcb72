// Ranks of an MPI job as a Group. Each rank pins itself to one processor, because a launcher that knows only one host per rank binds all to the first:
// --pin local (rank among those of its host), world (rank in the job: for hosts that share one machine), none.
// More polling ranks on a host than processors are refused: they would wait for time slices of the scheduler, not for messages.
#pragma once
#include <mpi.h>

#include "common/team.hpp"
#include "net/together.hpp"

namespace exatwin {
/** What keeps this job from being measured, or nothing. */
inline std::string pinRank(const std::string& pin, int rank, int size) {
  MPI_Comm host;
  int local = 0, locals = 0;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &host);
  MPI_Comm_rank(host, &local);
  MPI_Comm_size(host, &locals);
  MPI_Comm_free(&host);
  const std::vector<int> cpus = usableCpus();
  if (pin == "none" || cpus.size() == 1) return "";  // one processor: the launcher has bound it
  const int mine = pin == "world" ? rank : local, together = pin == "world" ? size : locals;
  if (together > int(cpus.size())) return std::to_string(together) + " polling ranks share " + std::to_string(cpus.size()) + " processors";
  pinTo(cpus[size_t(mine)]);
  return "";
}

/** Runs `work` on every rank, with MPI around it. Own arguments of every MPI program: --link TEXT, --pin, --seconds N. */
inline int runMpi(int argc, char** argv, const std::string& benchmark, std::vector<std::string> own, const std::function<void(const Options&, const Group&)>& work) {
  for (const char* name : {"link", "pin", "seconds"}) own.push_back(name);
  const Options options = readOptions(argc, argv, own);
  Group group;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &group.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &group.size);
  group.link = options.get("link", "unnamed");
  group.barrier = [] { MPI_Barrier(MPI_COMM_WORLD); };
  group.maximum = [](double* values, int count) { MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD); };
  double refused = 0;
  try {
    const std::string reason = pinRank(options.get("pin", "local"), group.rank, group.size);
    refused = maximumOf(group, reason.empty() ? 0 : 1);
    if (refused > 0) {
      if (group.rank == 0) skip(benchmark, reason.empty() ? "a rank could not be given a processor of its own" : reason);
    } else work(options, group);
  } catch (const WrongResult& wrong) {
    std::fprintf(stderr, "wrong result: %s\n", wrong.what());
    MPI_Abort(MPI_COMM_WORLD, 3);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", benchmark.c_str(), error.what());
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  MPI_Finalize();
  return 0;
}
}  // namespace exatwin

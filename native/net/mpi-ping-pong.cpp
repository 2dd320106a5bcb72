// One message to the other rank and back, over sizes: the time is half the round trip. Two ranks, one on each side of the link, that poll,
// so a latency is that of a rank which does nothing but wait.
#include "net/mpi-group.hpp"

namespace {
constexpr int tag = 1;

void exchange(int rank, const std::vector<char>& outgoing, std::vector<char>& incoming) {
  const int length = int(outgoing.size());
  if (rank == 0) MPI_Send(outgoing.data(), length, MPI_BYTE, 1, tag, MPI_COMM_WORLD);
  MPI_Recv(incoming.data(), length, MPI_BYTE, 1 - rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  if (rank == 1) MPI_Send(outgoing.data(), length, MPI_BYTE, 0, tag, MPI_COMM_WORLD);
}

char byteOf(int rank, size_t place) { return char(17 * (rank + 1) + int(place % 101)); }
}  // namespace

int main(int argc, char** argv) {
  using namespace exatwin;
  return runMpi(argc, argv, "mpi-ping-pong", {}, [](const Options& options, const Group& group) {
    if (group.size != 2) {
      if (group.rank == 0) skip("mpi-ping-pong", "it takes two ranks, not " + std::to_string(group.size));
      return;
    }
    std::vector<double> sizes;
    for (double bytes = 8; bytes <= options.pick(16.0, 4.0, 0.0625) * 1048576; bytes *= options.pick(2, 8, 128)) sizes.push_back(bytes);
    const double seconds = options.number("seconds", options.pick(60.0, 1.6, 0.4));
    Sweep sweep(options, group, "mpi-ping-pong", now_s() + seconds);
    for (const double bytes : sizes) {
      std::vector<char> outgoing(static_cast<size_t>(bytes)), incoming(outgoing.size());
      for (size_t place = 0; place < outgoing.size(); ++place) outgoing[place] = byteOf(group.rank, place);
      const auto call = [&](long) { exchange(group.rank, outgoing, incoming); };
      const auto check = [&]() -> std::string {
        std::fill(incoming.begin(), incoming.end(), 0);
        exchange(group.rank, outgoing, incoming);
        for (size_t place = 0; place < incoming.size(); ++place)
          if (incoming[place] != byteOf(1 - group.rank, place)) return "byte " + std::to_string(place) + " is not what the other rank sent";
        return "";
      };
      if (!sweep.measure(bytes, Json().number("bytes", bytes).number("ranks", 2).text("link", group.link), call, check, 2)) break;
    }
  });
}

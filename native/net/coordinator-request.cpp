// What one negotiation request costs rank 0 of a flat control plane, in the manner of Horovod up to 0.11 (one message
// per tensor and rank): MPI_Probe(any source), MPI_Recv, parse, find the tensor by name, append; when every rank has
// asked, check all requests against the first and build a response. Times are of rank 0 alone, waiting excluded: in
// memory the processor time; with messages the wall time of batches that no other process interrupted.
// Leaves out: the network interface and its driver (shared memory only), thousands of real sources (one sender speaks
// for all ranks; idle processes may be added to lengthen the library's list of peers), the wait of a cycle, fusion of
// responses, and the collective itself.
#include <mpi.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "request-table.hpp"

namespace {
enum Tag { requestTag = 1, responseTag, acknowledgeTag, unusedTag };
constexpr const char* handlingNames[] = {"none", "lean", "copying"};
constexpr int warmups = 2;
constexpr int repeats = 21;
constexpr int requestRanks = 400;  // simulated ranks per tensor in the receive cases

struct Control {  // beside MPI, so that waiting on it moves no message
  alignas(64) std::atomic<long> granted;
  alignas(64) std::atomic<long> sent;
  alignas(64) std::atomic<bool> ready;
  std::atomic<bool> finished;
};

double readClock_s(clockid_t clock = CLOCK_MONOTONIC) {
  timespec now;
  clock_gettime(clock, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

long countInterruptions() {
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

void checkResult(const Coordinator& coordinator, long tensors, long expectedRankSum) {
  if (coordinator.isRight(tensors, expectedRankSum)) return;
  std::fprintf(stderr, "wrong result: %ld responses, rank sum %ld; expected %ld and %ld\n", coordinator.responses,
               coordinator.rankSum, tensors, expectedRankSum);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

std::string describeHost() {
  std::ifstream info("/proc/cpuinfo");
  std::string cpu = "unknown", line;
  while (std::getline(info, line))
    if (line.starts_with("model name")) { cpu = line.substr(line.find(':') + 2); break; }
  char version[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0, peers = 0, threads = 0;
  MPI_Get_library_version(version, &length);
  std::string library(version, static_cast<size_t>(length));
  library = library.substr(0, library.find_first_of(",\n"));
  for (char& c : library) if (c == '\t' || c == '"') c = ' ';
  MPI_Comm_size(MPI_COMM_WORLD, &peers);
  MPI_Query_thread(&threads);
  cpu_set_t cpus;
  const bool pinned = sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) == 1;
  return "{\"cpu\":\"" + cpu + "\",\"mpi\":\"" + library + "\",\"processes\":" + std::to_string(peers) +
         ",\"threadMultiple\":" + (threads == MPI_THREAD_MULTIPLE ? "true" : "false") +
         ",\"pinned\":" + (pinned ? "true" : "false") + "}";
}

void report(const std::string& name, const std::string& facts, long count, double bytes, std::vector<double> times_s) {
  times_s.erase(times_s.begin(), times_s.begin() + warmups);
  std::sort(times_s.begin(), times_s.end());
  const auto at = [&](double share) { return times_s[static_cast<size_t>(share * double(times_s.size() - 1))]; };
  std::printf("{\"name\":\"%s\",%s,\"perRequest_s\":{\"min\":%.4g,\"median\":%.4g,\"p90\":%.4g},\"repeats\":%zu,"
              "\"count\":%ld,\"messageMean_bytes\":%.1f,\"host\":%s}\n", name.c_str(), facts.c_str(), at(0), at(0.5),
              at(0.9), times_s.size(), count, bytes, describeHost().c_str());
  std::fflush(stdout);
}

double meanBytes(const std::vector<std::string>& messages) {
  double sum = 0;
  for (const auto& message : messages) sum += double(message.size());
  return sum / double(messages.size());
}

// Order "tensor": all ranks ask for a tensor before the next; "rank": a rank asks for all tensors at once.
void measureMemory(int tensors, int ranks, bool tensorOrder, Handling handling) {
  auto messages = buildMessages(tensors);
  const long count = long(tensors) * ranks;
  std::vector<double> times_s;
  for (int repeat = 0; repeat < warmups + repeats; ++repeat) {
    Coordinator coordinator{static_cast<size_t>(ranks), handling};
    const double start_s = readClock_s(CLOCK_THREAD_CPUTIME_ID);
    for (long i = 0; i < count; ++i) {
      auto& message = messages[static_cast<size_t>(tensorOrder ? i / ranks : i % tensors)];
      setRank(message, static_cast<int32_t>(tensorOrder ? i % ranks : i / tensors));
      coordinator.acceptMessage(message.data(), message.size());
    }
    times_s.push_back((readClock_s(CLOCK_THREAD_CPUTIME_ID) - start_s) / double(count));
    checkResult(coordinator, tensors, long(tensors) * ranks * (ranks - 1L) / 2);
  }
  report("handle-in-memory", "\"handling\":\"" + std::string(handlingNames[int(handling)]) + "\",\"tensors\":" +
         std::to_string(tensors) + ",\"ranks\":" + std::to_string(ranks) + ",\"order\":\"" +
         (tensorOrder ? "tensor" : "rank") + "\"", count, meanBytes(messages), times_s);
}

void sendRequests(Control& control, int tensors, bool empty) {
  auto messages = buildMessages(tensors);
  for (int repeat = 0; repeat < warmups + repeats; ++repeat)
    for (long i = 0; i < long(tensors) * requestRanks; ++i) {
      int flag = 0;
      while (control.sent.load() >= control.granted.load())  // probing keeps earlier sends moving
        MPI_Iprobe(0, unusedTag, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
      auto& message = messages[static_cast<size_t>(i / requestRanks)];
      setRank(message, static_cast<int32_t>(i % requestRanks));
      MPI_Send(message.data(), empty ? 0 : int(message.size()), MPI_BYTE, 0, requestTag, MPI_COMM_WORLD);
      control.sent.fetch_add(1);
    }
}

void receiveMessage(Coordinator& coordinator) {
  MPI_Status status;
  int length = 0;
  MPI_Probe(MPI_ANY_SOURCE, requestTag, MPI_COMM_WORLD, &status);
  MPI_Get_count(&status, MPI_BYTE, &length);
  char* buffer = new char[static_cast<size_t>(length)];
  MPI_Recv(buffer, length, MPI_BYTE, status.MPI_SOURCE, requestTag, MPI_COMM_WORLD, &status);
  coordinator.acceptMessage(buffer, static_cast<size_t>(length));
  delete[] buffer;
}

// A window up to 16 waits in the transport and is timed from there; a wider one would fill the transport and stall
// the sender, so it is first moved, untimed, into the queue of unexpected messages.
void awaitPending(const Control& control, long target, bool queued) {
  int flag = 0;
  while (control.sent.load() < target)
    if (queued) MPI_Iprobe(MPI_ANY_SOURCE, unusedTag, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
  for (int i = 0; queued && i < 100; ++i)
    MPI_Iprobe(MPI_ANY_SOURCE, unusedTag, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
}

void measureReceive(Control& control, int tensors, long window, Handling handling, bool empty) {
  const long count = long(tensors) * requestRanks;
  const bool queued = window > 16;
  std::vector<double> times_s;
  long timed = 0;
  for (int repeat = 0; repeat < warmups + repeats; ++repeat) {
    Coordinator coordinator{requestRanks, handling};
    double time_s = 0;
    timed = 0;
    for (long done = 0; done < count; done += window) {
      const long batch = std::min(window, count - done);
      const long target = control.granted.fetch_add(batch) + batch;
      awaitPending(control, target, queued);
      const long interruptions = countInterruptions();
      const double start_s = readClock_s();
      for (long i = 0; i < batch; ++i) receiveMessage(coordinator);
      const double end_s = readClock_s();
      if (countInterruptions() != interruptions) continue;
      time_s += end_s - start_s;
      timed += batch;
    }
    times_s.push_back(time_s / double(timed));
    checkResult(coordinator, tensors, empty ? count : count * (requestRanks - 1L) / 2);
  }
  char facts[160];
  std::snprintf(facts, sizeof facts, "\"handling\":\"%s\",\"tensors\":%d,\"ranks\":%d,\"pending\":%ld,\"from\":\"%s\"",
                handlingNames[int(handling)], tensors, requestRanks, window, queued ? "queue" : "transport");
  report(empty ? "receive-empty" : "receive", facts, count, empty ? 0 : meanBytes(buildMessages(tensors)), times_s);
}

// Time in MPI_Send only, as the median batch of each repeat; the peer receives meanwhile and acknowledges untimed.
void measureSend(int rank, int bytes) {
  constexpr int batch = 8, batches = 2000;
  std::vector<char> message(static_cast<size_t>(bytes), 'r');
  std::vector<double> times_s;
  for (int repeat = 0; repeat < warmups + repeats; ++repeat) {
    std::vector<double> batch_s;
    for (int b = 0; b < batches; ++b) {
      const double start_s = readClock_s();
      for (int i = 0; i < batch; ++i)
        if (rank == 0) MPI_Send(message.data(), bytes, MPI_BYTE, 1, responseTag, MPI_COMM_WORLD);
        else MPI_Recv(message.data(), bytes, MPI_BYTE, 0, responseTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      batch_s.push_back(readClock_s() - start_s);
      if (rank == 0) MPI_Recv(nullptr, 0, MPI_BYTE, 1, acknowledgeTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      else MPI_Send(nullptr, 0, MPI_BYTE, 0, acknowledgeTag, MPI_COMM_WORLD);
    }
    std::nth_element(batch_s.begin(), batch_s.begin() + batches / 2, batch_s.end());
    times_s.push_back(batch_s[batches / 2] / batch);
  }
  if (rank == 0) report("send", "\"batch\":8", long(batch) * batches, bytes, times_s);
}
}  // namespace

// Usage: coordinator-request [memory | receive | send], all three if not named. Processes beyond two stay idle.
int main(int argc, char** argv) {
  int provided = 0, rank = 0, size = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const std::string asked = argc > 1 ? argv[1] : "all";
  const auto wants = [&](const char* part) { return asked == "all" || asked == part; };
  Control* control = nullptr;
  MPI_Win window;
  MPI_Aint bytes = 0;
  int unit = 0;
  MPI_Win_allocate_shared(rank == 0 ? sizeof(Control) : 0, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &control, &window);
  MPI_Win_shared_query(window, 0, &bytes, &unit, &control);
  if (rank == 0) new (control) Control{};
  MPI_Barrier(MPI_COMM_WORLD);

  if (rank > 1) {  // one message makes rank 0 know this peer; then no processor time until the end
    MPI_Send(nullptr, 0, MPI_BYTE, 0, requestTag, MPI_COMM_WORLD);
    while (!control->finished.load()) usleep(20000);
  } else {
    Coordinator greeting{1, Handling::none};
    for (int peer = 2; rank == 0 && peer < size; ++peer) receiveMessage(greeting);
    if (rank == 0 && wants("memory"))
      for (int tensors : {72, 99})
        for (bool tensorOrder : {true, false})
          for (Handling handling : {Handling::lean, Handling::copying})
            measureMemory(tensors, 5300, tensorOrder, handling);
    while (rank == 1 && !control->ready.load()) usleep(2000);
    control->ready.store(true);
    for (long pending : {4L, 16L, 256L}) {
      if (!wants("receive")) break;
      if (rank == 1) sendRequests(*control, 99, true);
      else measureReceive(*control, 99, pending, Handling::none, true);
      for (Handling handling : {Handling::none, Handling::lean, Handling::copying})
        if (rank == 1) sendRequests(*control, 99, false);
        else measureReceive(*control, 99, pending, handling, false);
    }
    // 22 kB: a response that lists a 4-byte device for each of 5,300 ranks.
    for (int size_bytes : {160, 1024, 22000})
      if (wants("send")) measureSend(rank, size_bytes);
    if (rank == 0) control->finished.store(true);
  }
  MPI_Win_free(&window);
  MPI_Finalize();
}

// When flows end, asked of SimGrid: max-min shares of links, latency paid before the first byte. Reads a platform and a pattern from the standard input (plain
// words and numbers, see ../protocol.ts) and writes SimGrid's version and one completion time per flow, or per rank of an exchange.
// CM02 shares by the inverse of a route's latency unless its factor is zero; so latencies are slept, and every further correction is off.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>

#include "platform.hpp"
// Uses macros of the headers above.
#include <simgrid/version.h>

namespace {
using namespace oracle;
using sg4::this_actor::sleep_for;

constexpr const char* settings[] = {"network/model:CM02",  "network/latency-factor:0", "network/bandwidth-factor:1", "network/weight-S:0",
                                    "network/TCP-gamma:0", "network/crosstraffic:0",   "contexts/stack-size:64"};

struct Flow {
  size_t from, to;
  std::uint64_t bytes;
};

double latencyBetween(const sg4::Host* from, const sg4::Host* to) {
  std::vector<sg4::Link*> links;
  double latency = 0;
  from->route_to(to, links, &latency);
  return latency;
}

/** One actor: waits, pays the latency, sends, then tells. */
void startFlow(sg4::Host* from, sg4::Host* to, double start, std::uint64_t bytes, std::function<void()> tell) {
  sg4::Actor::create("flow", from, [=] {
    sleep_for(start + latencyBetween(from, to));
    sg4::Comm::sendto(from, to, bytes);
    tell();
  });
}

Flow readFlow(std::istream& in) {
  const auto from = read<size_t>(in, "from");
  const auto to = read<size_t>(in, "to");
  return {from, to, read<std::uint64_t>(in, "bytes")};
}

std::vector<double> runFlows(std::istream& in, const Hosts& hosts, sg4::Engine& engine) {
  std::vector<double> ends(read<size_t>(in, "flows"), -1.0);
  for (double& end : ends) {
    const Flow flow = readFlow(in);
    startFlow(hosts.at(flow.from), hosts.at(flow.to), read<double>(in, "start"), flow.bytes, [&end] { end = sg4::Engine::get_clock(); });
  }
  engine.run();
  return ends;
}

/** A phase of an exchange: steps with the same flows. What a rank sends and how much it receives in each of them, and what has arrived for each step. */
struct Phase {
  size_t repeat;
  std::vector<std::vector<Flow>> sends;
  std::vector<size_t> receives;
  std::vector<std::vector<sg4::SemaphorePtr>> arrived;  // [rank][step]

  Phase(std::istream& in, size_t ranks) : repeat(read<size_t>(in, "repeat")), sends(ranks), receives(ranks), arrived(ranks) {
    for (auto flows = read<size_t>(in, "flows of a phase"); flows > 0; --flows) {
      const Flow flow = readFlow(in);
      sends.at(flow.from).push_back(flow);
      ++receives.at(flow.to);
    }
    for (size_t rank = 0; rank < ranks; ++rank)
      for (size_t step = 0; step < (receives[rank] > 1 ? repeat : 1); ++step) arrived[rank].push_back(sg4::Semaphore::create(0));
  }

  /** What comes from one sender comes in the order of the steps: one count serves them all. */
  const sg4::SemaphorePtr& arrivedIn(size_t rank, size_t step) const { return arrived[rank][receives[rank] > 1 ? step : 0]; }
};

void runRank(size_t rank, const Hosts& places, const std::vector<Phase>& phases) {
  const sg4::SemaphorePtr sent = sg4::Semaphore::create(0);
  double latency = 0;
  for (const Phase& phase : phases) {
    for (size_t step = 0; step < phase.repeat; ++step) {
      const std::vector<Flow>& sends = phase.sends[rank];
      if (sends.size() == 1) {
        // Waits for its own send: needs no actor for it.
        sg4::Host *from = places[sends[0].from], *to = places[sends[0].to];
        if (step == 0) latency = latencyBetween(from, to);
        sleep_for(latency);
        sg4::Comm::sendto(from, to, sends[0].bytes);
        phase.arrivedIn(sends[0].to, step)->release();
      } else {
        for (const Flow& flow : sends) {
          startFlow(places[flow.from], places[flow.to], 0, flow.bytes, [sent, arrived = phase.arrivedIn(flow.to, step)] {
            sent->release();
            arrived->release();
          });
        }
        for (size_t left = sends.size(); left > 0; --left) sent->acquire();
      }
      for (size_t left = phase.receives[rank]; left > 0; --left) phase.arrivedIn(rank, step)->acquire();
    }
  }
}

/** A rank starts all its sends when it enters a step, and enters the next one when its sends and receives of this one have ended. */
std::vector<double> runExchange(std::istream& in, const Hosts& hosts, sg4::Engine& engine) {
  const auto ranks = read<size_t>(in, "ranks");
  Hosts places;
  for (const size_t host : readSeveral<size_t>(in, ranks, "host of a rank")) places.push_back(hosts.at(host));
  const auto starts = readSeveral<double>(in, ranks, "start of a rank");
  std::vector<Phase> phases;
  for (auto count = read<size_t>(in, "phases"); count > 0; --count) phases.emplace_back(in, ranks);
  std::vector<double> ends(ranks, -1.0);
  for (size_t rank = 0; rank < ranks; ++rank) {
    sg4::Actor::create("rank", places[rank], [&, rank] {
      sleep_for(starts[rank]);
      runRank(rank, places, phases);
      ends[rank] = sg4::Engine::get_clock();
    });
  }
  engine.run();
  return ends;
}

void run(std::istream& in, sg4::Engine& engine) {
  const Hosts hosts = readPlatform(in);
  const auto kind = read<std::string>(in, "kind of pattern");
  if (kind != "flows" && kind != "exchange") throw std::runtime_error("no pattern is called " + kind);
  const std::vector<double> ends = kind == "flows" ? runFlows(in, hosts, engine) : runExchange(in, hosts, engine);
  int major = 0, minor = 0, patch = 0;
  sg_version_get(&major, &minor, &patch);
  std::printf("%d.%d\n", major, minor);
  for (const double end : ends) std::printf("%.15g\n", end);
}
}  // namespace

int main() {
  std::string words[] = {"oracle", "--log=root.thresh:warning"};
  char* arguments[] = {words[0].data(), words[1].data(), nullptr};
  int count = 2;
  sg4::Engine engine(&count, arguments);
  try {
    for (const char* setting : settings) sg4::Engine::set_config(setting);
    run(std::cin, engine);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

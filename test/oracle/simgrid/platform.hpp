// Platforms of the oracle: networks that SimGrid builds and routes by itself (star, fat tree, torus, dragonfly), and a list of links with a stated way for each
// pair, which leaves only the sharing to SimGrid. All links work in each direction for itself. One platform per process: SimGrid 3.32 counts positions of
// fat trees in a static variable, so that a second one in the same process is wrong.
#pragma once
#include <simgrid/s4u.hpp>

#include <istream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace oracle {
namespace sg4 = simgrid::s4u;
using Hosts = std::vector<sg4::Host*>;

constexpr double unusedSpeed = 1e9;

template <class T> T read(std::istream& in, const char* what) {
  T value;
  if (!(in >> value)) throw std::runtime_error(std::string("the input ends or is no number where it should say: ") + what);
  return value;
}

template <class T> std::vector<T> readSeveral(std::istream& in, size_t count, const char* what) {
  std::vector<T> values(count);
  for (T& value : values) value = read<T>(in, what);
  return values;
}

inline sg4::Host* addHost(sg4::NetZone* zone, Hosts& hosts) {
  hosts.push_back(zone->create_host("host-" + std::to_string(hosts.size()), unusedSpeed)->seal());
  return hosts.back();
}

/** Clusters ask for their hosts one by one, in the order of their numbers. */
inline sg4::ClusterCallbacks makeHosts(Hosts& hosts) {
  return sg4::ClusterCallbacks([&hosts](sg4::NetZone* zone, const std::vector<unsigned long>&, unsigned long id) {
    if (id != hosts.size()) throw std::logic_error("SimGrid numbers its hosts in another order");
    return std::make_pair(addHost(zone, hosts)->get_netpoint(), static_cast<simgrid::kernel::routing::NetPoint*>(nullptr));
  });
}

inline void makeStar(std::istream& in, double bandwidth, double latency, Hosts& hosts) {
  sg4::NetZone* zone = sg4::create_star_zone("network");
  const auto count = read<size_t>(in, "hosts");
  for (size_t index = 0; index < count; ++index) {
    const sg4::Host* host = addHost(zone, hosts);
    const auto makeLink = [&](const char* direction) { return zone->create_link(direction + std::to_string(index), bandwidth)->set_latency(latency)->seal(); };
    zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {sg4::LinkInRoute(makeLink("up-"))}, false);
    zone->add_route(nullptr, host->get_netpoint(), nullptr, nullptr, {sg4::LinkInRoute(makeLink("down-"))}, false);
  }
  zone->seal();
}

inline void makeFatTree(std::istream& in, double bandwidth, double latency, Hosts& hosts) {
  const auto levels = read<unsigned>(in, "levels");
  const auto down = readSeveral<unsigned>(in, levels, "ports down");
  const auto up = readSeveral<unsigned>(in, levels, "ports up");
  const auto cables = readSeveral<unsigned>(in, levels, "cables");
  sg4::create_fatTree_zone("network", nullptr, {levels, down, up, cables}, makeHosts(hosts), bandwidth, latency, sg4::Link::SharingPolicy::SPLITDUPLEX)->seal();
}

inline void makeTorus(std::istream& in, double bandwidth, double latency, Hosts& hosts) {
  const auto sizes = readSeveral<unsigned long>(in, read<size_t>(in, "dimensions"), "size of a dimension");
  sg4::create_torus_zone("network", nullptr, sizes, makeHosts(hosts), bandwidth, latency, sg4::Link::SharingPolicy::SPLITDUPLEX)->seal();
}

inline void makeDragonfly(std::istream& in, double bandwidth, double latency, Hosts& hosts) {
  const auto sizes = readSeveral<unsigned>(in, 7, "groups, their cables, chassis, their cables, blades, their cables, nodes");
  if (sizes[0] > sizes[4]) throw std::runtime_error("SimGrid reads beyond its table where a dragonfly has more groups than blades per chassis");
  const sg4::DragonflyParams parameters({sizes[0], sizes[1]}, {sizes[2], sizes[3]}, {sizes[4], sizes[5]}, sizes[6]);
  sg4::create_dragonfly_zone("network", nullptr, parameters, makeHosts(hosts), bandwidth, latency, sg4::Link::SharingPolicy::SPLITDUPLEX)->seal();
}

/** hosts links {bandwidth latency} ways {from to hops {link}} */
inline void makeStatedWays(std::istream& in, Hosts& hosts) {
  sg4::NetZone* zone = sg4::create_full_zone("network");
  const auto count = read<size_t>(in, "hosts");
  while (hosts.size() < count) addHost(zone, hosts);
  std::vector<const sg4::Link*> links(read<size_t>(in, "links"));
  for (size_t index = 0; index < links.size(); ++index) {
    const auto bandwidth = read<double>(in, "bandwidth");
    links[index] = zone->create_link("link-" + std::to_string(index), bandwidth)->set_latency(read<double>(in, "latency"))->seal();
  }
  for (auto ways = read<size_t>(in, "ways"); ways > 0; --ways) {
    const auto from = read<size_t>(in, "from");
    const auto to = read<size_t>(in, "to");
    std::vector<sg4::LinkInRoute> way;
    for (const size_t link : readSeveral<size_t>(in, read<size_t>(in, "hops"), "link")) way.emplace_back(links.at(link));
    zone->add_route(hosts.at(from)->get_netpoint(), hosts.at(to)->get_netpoint(), nullptr, nullptr, way, false);
  }
  zone->seal();
}

inline Hosts readPlatform(std::istream& in) {
  Hosts hosts;
  const auto kind = read<std::string>(in, "kind of platform");
  if (kind == "ways") {
    makeStatedWays(in, hosts);
    return hosts;
  }
  const auto bandwidth = read<double>(in, "bandwidth");
  const auto latency = read<double>(in, "latency");
  if (kind == "star") makeStar(in, bandwidth, latency, hosts);
  else if (kind == "fat-tree") makeFatTree(in, bandwidth, latency, hosts);
  else if (kind == "torus") makeTorus(in, bandwidth, latency, hosts);
  else if (kind == "dragonfly") makeDragonfly(in, bandwidth, latency, hosts);
  else throw std::runtime_error("no platform is called " + kind);
  return hosts;
}
}  // namespace oracle

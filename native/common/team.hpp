// Threads pinned one to a processor that do the same work together. The caller's thread is thread 0, pinned as well.
// The processors are those the process may use, in order; more threads than processors is a fault of the caller.
#pragma once
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace exatwin {
inline std::vector<int> usableCpus() {
  cpu_set_t set;
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

inline void pinTo(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) throw std::runtime_error("cannot pin to processor " + std::to_string(cpu));
}

class Team {
 public:
  explicit Team(int size) : size(size) {
    static const std::vector<int> cpus = usableCpus();  // read once: pinning the caller narrows what the process may use
    if (size > int(cpus.size())) throw std::runtime_error("more threads than processors");
    pinTo(cpus[0]);
    for (int index = 1; index < size; ++index)
      threads.emplace_back([this, index, cpu = cpus[size_t(index)]] { pinTo(cpu); serve(index); });
  }
  ~Team() {
    over = true;
    round.fetch_add(1, std::memory_order_release);
    for (std::thread& thread : threads) thread.join();
  }
  /** Calls work(thread) on every thread and returns when all have ended. Waiting spins: a sleep would cost more than small work. */
  void run(const std::function<void(int)>& work) {
    current = &work;
    pending.store(size - 1, std::memory_order_relaxed);
    round.fetch_add(1, std::memory_order_release);
    work(0);
    while (pending.load(std::memory_order_acquire) > 0) __builtin_ia32_pause();
  }
  const int size;

 private:
  void serve(int index) {
    for (long seen = 0;;) {
      while (round.load(std::memory_order_acquire) == seen) __builtin_ia32_pause();
      ++seen;
      if (over) return;
      (*current)(index);
      pending.fetch_sub(1, std::memory_order_release);
    }
  }
  std::vector<std::thread> threads;
  const std::function<void(int)>* current = nullptr;
  std::atomic<long> round{0};
  std::atomic<int> pending{0};
  std::atomic<bool> over{false};
};
}  // namespace exatwin

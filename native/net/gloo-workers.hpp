// A queue of equal all-reduces and the threads that work through it, as in PyTorch's Gloo backend. The threads sleep while it is empty.
// Tags follow the order in the queue, so that operations under way at the same time find their like on the other ranks.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/gloo-group.hpp"

namespace exatwin {
class Workers {
 public:
  Workers(const Context& context, size_t elements, int count) : context(context), buffers(size_t(count), std::vector<float>(elements)) {
    for (std::vector<float>& buffer : buffers) threads.emplace_back([this, &buffer] { serve(buffer); });
  }
  ~Workers() {
    set([&] { over = true; });
    for (std::thread& thread : threads) thread.join();
  }
  void start(long operations) {
    set([&] { done = taken = 0, queued = operations; });
  }
  bool busy() const { return done.load(std::memory_order_acquire) < queued; }
  /** When the last one ended. */
  double wait() {
    std::unique_lock<std::mutex> lock(mutex);
    finished.wait(lock, [&] { return !busy() || !error.empty(); });
    if (!error.empty()) throw std::runtime_error(error);
    return end_s;
  }
  std::vector<float>& buffer() { return buffers[0]; }

 private:
  template <class Change> void set(const Change& change) {
    { const std::lock_guard<std::mutex> lock(mutex); change(); }
    wake.notify_all();
  }
  void serve(std::vector<float>& buffer) {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex);
      wake.wait(lock, [&] { return over || taken < queued; });
      if (over) return;
      const uint32_t tag = workTag + uint32_t(taken++ % 64);
      lock.unlock();
      std::string fault;
      try {
        allReduceInPlace(context, buffer.data(), buffer.size(), tag);
      } catch (const std::exception& lost) {
        fault = lost.what();
      }
      lock.lock();
      if (!fault.empty()) error = fault, taken = queued;
      end_s = now_s();
      if (++done == queued || !fault.empty()) done = queued, finished.notify_all();
    }
  }
  const Context context;
  std::vector<std::vector<float>> buffers;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable wake, finished;
  long queued = 0, taken = 0;
  std::atomic<long> done{0};
  double end_s = 0;
  std::string error;
  bool over = false;
};
}  // namespace exatwin

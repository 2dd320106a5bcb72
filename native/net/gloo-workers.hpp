// A queue of operations and the threads that work through it in order, two by default, as in PyTorch's Gloo backend: nothing that sends or receives runs
// on the main thread. How many threads share the processor decides how often Gloo's own thread polls in vain, and so the time of an operation.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "common/clock.hpp"

namespace exatwin {
class Workers {
 public:
  /** Told which of the threads runs it, from 0. */
  using Task = std::function<void(int)>;

  explicit Workers(int count) : count(count) {
    for (int index = 0; index < count; ++index) threads.emplace_back([this, index] { serve(index); });
  }
  ~Workers() {
    { const std::lock_guard<std::mutex> lock(mutex); over = true; }
    queued.notify_all();
    for (std::thread& thread : threads) thread.join();
  }
  void submit(Task task) {
    { const std::lock_guard<std::mutex> lock(mutex); tasks.push_back(std::move(task)), ++open; }
    queued.notify_one();
  }
  bool busy() const { return open.load(std::memory_order_acquire) > 0; }
  /** Until all are done: when the last one was. Throws if one failed. */
  double wait() {
    std::unique_lock<std::mutex> lock(mutex);
    finished.wait(lock, [&] { return !busy(); });
    if (!error.empty()) throw std::runtime_error(error);
    return end_s;
  }
  void run(const std::function<void()>& task) {
    submit([&](int) { task(); });
    wait();
  }
  const int count;

 private:
  void serve(int index) {
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
      queued.wait(lock, [&] { return over || !tasks.empty(); });
      if (tasks.empty()) return;
      const Task task = std::move(tasks.front());
      tasks.pop_front();
      std::string fault;
      if (error.empty()) {
        lock.unlock();
        try {
          task(index);
        } catch (const std::exception& lost) {
          fault = lost.what();
        }
        lock.lock();
      }
      if (!fault.empty()) error = fault;
      end_s = now_s();
      if (--open == 0) finished.notify_all();
    }
  }
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable queued, finished;
  std::deque<Task> tasks;
  std::atomic<long> open{0};
  double end_s = 0;
  std::string error;
  bool over = false;
};
}  // namespace exatwin

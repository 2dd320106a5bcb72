// What it costs to start work: a call through std::function, a primitive of oneDNN and a product of OpenBLAS on one element, by one thread; and what it
// costs to hand work to a thread on another processor that sleeps. A round trip is two hand-overs: there and back.
// On a machine with one processor both threads share it, and the names of the round trips say so. --threads changes nothing here.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "cpu/sample.hpp"
#ifdef EXATWIN_DNNL
#include "cpu/onednn.hpp"
#else
#include "cpu/threads.hpp"
#endif
#ifdef EXATWIN_OPENBLAS
#include <cblas.h>
#endif

namespace {
using namespace exatwin;

Json describe(const std::string& library, const std::string& operation) { return Json().text("library", library).text("operation", operation); }

/** What is timed is called through std::function in every benchmark: here it is all there is. */
void callFunction(const Options& options) {
  long calls = 0;
  measure(options, "launch-cost", describe("c++", "empty-function"), {}, [&] { ++calls; }, [&] { if (calls < 3) fail("std::function: " + std::to_string(calls) + " calls"); });
}

#ifdef EXATWIN_DNNL
void callOneDnn(const Options& options) {
  omp_set_num_threads(1);
  OneDnn library;
  float a = 2, b = 3, sum = 0;
  const dnnl::memory::desc format({1}, DataType::f32, dnnl::memory::format_tag::a);
  const dnnl::memory first(format, library.engine, &a), second(format, library.engine, &b), result(format, library.engine, &sum);
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::binary::primitive_desc chosen(library.engine, dnnl::algorithm::binary_add, format, format, format);
#else
  const dnnl::binary::primitive_desc chosen({dnnl::algorithm::binary_add, format, format, format}, library.engine);
#endif
  const dnnl::binary primitive(chosen);
  const std::unordered_map<int, dnnl::memory> arguments = {{DNNL_ARG_SRC_0, first}, {DNNL_ARG_SRC_1, second}, {DNNL_ARG_DST, result}};
  measure(options, "launch-cost", describe("onednn", "add-1"), {}, [&] { primitive.execute(library.stream, arguments); library.stream.wait(); }, [&] { expectNear("oneDNN 2 + 3", sum, 5, 0); });
}
#endif

#ifdef EXATWIN_OPENBLAS
void callOpenBlas(const Options& options) {
  openblas_set_num_threads(1);
  float a = 2, b = 3, product = 0;
  measure(options, "launch-cost", describe("openblas", "sgemm-1x1x1"), {}, [&] { cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 1, 1, &a, 1, &b, 1, 0, &product, 1); }, [&] { expectNear("OpenBLAS 2 x 3", product, 6, 0); });
}
#endif

/** Sleeps until a number is published; both sides of each way of waiting. */
struct ByCondition {
  std::mutex mutex;
  std::condition_variable changed;
  long number = 0;
  void publish(long value) {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      number = value;
    }
    changed.notify_one();
  }
  void await(long value) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return number == value; });
  }
};

struct ByFutex {
  std::atomic<int> number{0};
  void publish(long value) {
    number.store(int(value));
    syscall(SYS_futex, &number, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }
  void await(long value) {
    for (int seen; (seen = number.load()) != int(value);) syscall(SYS_futex, &number, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
  }
};

/** There by one channel and back by another; -1 ends the other thread. */
template <class Channel> void roundTrip(const Options& options, const std::string& name, const std::vector<int>& cpus) {
  Channel there, back;
  long round = 0, served = 0;
  std::atomic<bool> over{false};
  std::thread other([&] {
    pinTo(cpus[cpus.size() > 1 ? 1 : 0]);
    for (long next = 1;; ++next) {
      there.await(next);
      if (over) return;
      ++served;
      back.publish(next);
    }
  });
  const auto call = [&] {
    there.publish(++round);
    back.await(round);
  };
  const std::string operation = name + (cpus.size() > 1 ? "-round-trip" : "-round-trip-on-one-processor");
  measure(options, "launch-cost", describe("linux", operation), {}, call, [&] { if (served != round) fail(operation + ": " + std::to_string(served) + " of " + std::to_string(round)); });
  over = true;
  there.publish(round + 1);
  other.join();
}

void wakeNobody(const Options& options) {
  std::atomic<int> word{0};
  long woken = 0;
  measure(options, "launch-cost", describe("linux", "futex-wake-nobody"), {}, [&] { woken += syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }, [&] { if (woken != 0) fail("futex wake: " + std::to_string(woken) + " woken where nobody waits"); });
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv);
  const std::vector<int> cpus = usableCpus();
  pinTo(cpus[0]);
  callFunction(options);
#ifdef EXATWIN_DNNL
  callOneDnn(options);
#else
  skip("launch-cost", "onednn: not found when the benchmarks were built (Debian: libdnnl-dev)");
#endif
#ifdef EXATWIN_OPENBLAS
  callOpenBlas(options);
#else
  skip("launch-cost", "openblas: not found when the benchmarks were built (Debian: libopenblas-dev)");
#endif
  wakeNobody(options);
  roundTrip<ByCondition>(options, "condition-variable", cpus);
  roundTrip<ByFutex>(options, "futex", cpus);
}

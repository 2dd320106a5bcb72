// The update of parameters in FP32 by SGD with momentum and by Adam, all in one pass over the arrays, by size and threads: the least traffic that it can
// have (20 and 28 bytes per parameter). Frameworks without a fused optimizer make several passes (native/pytorch has theirs).
// Definitions: PyTorch's documentation of torch.optim.SGD and Adam, without weight decay, dampening, Nesterov's variant and AMSGrad.
#include "cpu/array-sizes.hpp"
#include "cpu/cases.hpp"
#include "cpu/loops.hpp"
#include "cpu/sample.hpp"
#include "cpu/threads.hpp"

namespace {
using namespace exatwin;
constexpr float rate = 1e-4f, momentum = 0.9f, decay1 = 0.9f, decay2 = 0.999f, epsilon = 1e-8f;
/** Adam's corrections for the zeros it starts from, at the 10th step. */
const float correction1 = float(1 - std::pow(0.9, 10)), correction2 = float(1 - std::pow(0.999, 10));

struct State {
  float *weight, *gradient, *first, *second;
};

void sgd(Team& team, const State& state, long count) {
  shareOut(team, count, 16, [=](long from, long to) EXATWIN_LOOP {
    float *weight = state.weight, *first = state.first;
    const float* gradient = state.gradient;
#pragma omp simd
    for (long at = from; at < to; ++at) {
      first[at] = momentum * first[at] + gradient[at];
      weight[at] -= rate * first[at];
    }
  });
}

void adam(Team& team, const State& state, long count) {
  const float step = rate / correction1, scale = 1 / std::sqrt(correction2);
  shareOut(team, count, 16, [=](long from, long to) EXATWIN_LOOP {
    float *weight = state.weight, *first = state.first, *second = state.second;
    const float* gradient = state.gradient;
#pragma omp simd
    for (long at = from; at < to; ++at) {
      const float slope = gradient[at];
      first[at] = decay1 * first[at] + (1 - decay1) * slope;
      second[at] = decay2 * second[at] + (1 - decay2) * slope * slope;
      weight[at] -= step * first[at] / (__builtin_sqrtf(second[at]) * scale + epsilon);
    }
  });
}

double adamExpected(double weight, double gradient, double first, double second) {
  first = 0.9 * first + 0.1 * gradient;
  second = 0.999 * second + 0.001 * gradient * gradient;
  return weight - 1e-4 * (first / (1 - std::pow(0.9, 10))) / (std::sqrt(second / (1 - std::pow(0.999, 10))) + 1e-8);
}

struct Optimizer {
  std::string name;
  double each_bytes;
  void (*update)(Team&, const State&, long);
  /** The weight after one update. */
  double (*expected)(double weight, double gradient, double first, double second);
};
const Optimizer optimizers[] = {{"sgd-momentum", 20, sgd, [](double weight, double gradient, double first, double) { return weight - 1e-4 * (0.9 * first + gradient); }}, {"adam", 28, adam, adamExpected}};

void run(const Optimizer& optimizer, const State& state, long count, int threads, const Repeats& repeats) {
  Team team(threads);
  // The many timed updates end anywhere: one more, of a state that is known, is looked at.
  const auto check = [&] {
    Numbers numbers(3);
    std::vector<size_t> places = {0, size_t(count - 1)};
    for (int sample = 0; sample < 16; ++sample) places.push_back(numbers.below(size_t(count)));
    for (const size_t at : places) state.weight[at] = 0, state.first[at] = 0.25f, state.second[at] = 0.5f;
    optimizer.update(team, state, count);
    for (const size_t at : places) {
      const double expected = optimizer.expected(0, state.gradient[at], 0.25, 0.5);
      if (!(std::fabs(state.weight[at] - expected) <= 1e-5 * std::fabs(expected) + 1e-10)) fail(optimizer.name + " at " + std::to_string(at) + ": got " + std::to_string(1e4 * state.weight[at]) + "e-4, expected " + std::to_string(1e4 * expected) + "e-4");
    }
  };
  measure(repeats, "optimizer-update", Json().text("optimizer", optimizer.name).number("elements", double(count)).number("threads", threads), {0, optimizer.each_bytes * double(count)},
          [&] { optimizer.update(team, state, count); }, check);
}
}  // namespace

int main(int argc, char** argv) {
  const Options options = readOptions(argc, argv);
  const std::vector<int> counts = threadCounts(options, int(usableCpus().size()));
  // Sizes by the three arrays of SGD: 12 KiB at least.
  const std::vector<long> sizes = listSizes(options, "optimizer-update", 1024, 12);
  Floats arrays[4];
  {
    Team team(*std::max_element(counts.begin(), counts.end()));
    for (int which = 0; which < 4; ++which) arrays[which] = makeFloats(team, sizes.back(), [=](long at) EXATWIN_LOOP { return which == 1 ? scatter(at) : 0.0f; });
  }
  const State state = {arrays[0].get(), arrays[1].get(), arrays[2].get(), arrays[3].get()};
  std::vector<Case> cases;
  for (const int threads : counts)
    for (const long size : sizes)
      for (const Optimizer& optimizer : optimizers)
        cases.push_back({optimizer.name + " of " + std::to_string(size) + " elements by " + std::to_string(threads) + " threads", [=, &optimizer](const Repeats& repeats) { run(optimizer, state, size, threads, repeats); }});
  runCases(options, "optimizer-update", 13, cases);
}

// The threads of one GPU block as fibers of one host thread, and a Lane for the tiles of gpu/: loads and products of a warp exchange their operands
// between its 32 fibers, laid out as the PTX ISA states for ldmatrix (x4, b16) and mma.m16n8k16 (bf16, fp32 sums).
// Warps run one after the other from barrier to barrier, so that a missing barrier shows; a copy lands either at once or when it is waited for,
// so that a slice that is read too early or overwritten too early shows. Leaves out bank conflicts, speed, and anything between warps but barriers.
#pragma once
#include <ucontext.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

namespace exatwin {
class HostBlock {
 public:
  HostBlock(int threads, size_t sharedBytes, bool landsAtOnce) : landsAtOnce(landsAtOnce), shared(sharedBytes + 16, 0xff), operands(size_t(threads)), fibers(size_t(threads)) {}

  /** Runs body(thread) on every thread, to its end. */
  void run(const std::function<void(int)>& body) {
    work = &body;
    for (size_t index = 0; index < fibers.size(); ++index) {
      Fiber& fiber = fibers[index];
      fiber.stack.resize(128 * 1024);
      fiber.state = State::warp;
      getcontext(&fiber.context);
      fiber.context.uc_stack.ss_sp = fiber.stack.data();
      fiber.context.uc_stack.ss_size = fiber.stack.size();
      fiber.context.uc_link = &scheduler;
      makecontext(&fiber.context, reinterpret_cast<void (*)()>(&HostBlock::enter), 2, unsigned(reinterpret_cast<uintptr_t>(this) >> 32), unsigned(reinterpret_cast<uintptr_t>(this)));
    }
    for (bool over = false; !over;) {
      for (size_t warp = 0; warp < fibers.size(); warp += 32)
        while (stepWarp(warp)) {}
      over = true;
      for (Fiber& fiber : fibers)
        if (fiber.state == State::barrier) {
          fiber.state = State::warp;
          over = false;
        }
    }
  }
  void awaitWarp() { leave(State::warp); }
  void awaitBlock() { leave(State::barrier); }
  unsigned char* bytes() { return shared.data() + (16 - reinterpret_cast<uintptr_t>(shared.data()) % 16) % 16; }
  /** What a thread has laid out for the others of its warp: a place for each turn of two, so that none is overwritten while it is read. */
  uint32_t (&operandsOf(int thread, unsigned turn))[6] { return operands[size_t(thread)].word[turn % 2]; }
  const bool landsAtOnce;

 private:
  enum class State { warp, barrier, over };
  struct Fiber {
    ucontext_t context;
    std::vector<char> stack;
    State state = State::warp;
  };
  struct Operands {
    uint32_t word[2][6];
  };
  static void enter(unsigned high, unsigned low) {
    HostBlock* block = reinterpret_cast<HostBlock*>(uintptr_t(high) << 32 | low);
    (*block->work)(block->current);
    block->fibers[size_t(block->current)].state = State::over;
  }
  void leave(State state) {
    Fiber& fiber = fibers[size_t(current)];
    fiber.state = state;
    swapcontext(&fiber.context, &scheduler);
  }
  bool stepWarp(size_t first) {
    bool ran = false;
    for (size_t index = first; index < first + 32; ++index)
      if (fibers[index].state == State::warp) {
        current = int(index);
        swapcontext(&scheduler, &fibers[index].context);
        ran = true;
      }
    return ran;
  }
  ucontext_t scheduler;
  std::vector<unsigned char> shared;
  std::vector<Operands> operands;
  std::vector<Fiber> fibers;
  const std::function<void(int)>* work = nullptr;
  int current = 0;
};

inline float fromBf16(uint32_t bits) {
  const uint32_t wide = bits << 16;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

class HostLane {
 public:
  HostLane(HostBlock& block, int index) : block(block), index(index) {}
  int thread() const { return index; }
  float* sharedFloats() const { return reinterpret_cast<float*>(block.bytes()); }
  void synchronise() { block.awaitBlock(); }
  void storePair(float* to, float first, float second) const { to[0] = first; to[1] = second; }

  void copyAsync(int to, const void* from) {
    if (block.landsAtOnce) std::memcpy(block.bytes() + to, from, 16);
    else open.emplace_back(to, from);
  }
  void commit() { groups.push_back(std::exchange(open, {})); }
  template <size_t left> void awaitAllBut() {
    for (; landed + left < groups.size(); ++landed)
      for (const auto& [to, from] : groups[landed]) std::memcpy(block.bytes() + to, from, 16);
  }

  /** Lanes 8 i to 8 i + 7 name the rows of matrix i; a lane receives two successive elements of row lane / 4 of each. */
  void loadMatrices(uint32_t (&out)[4], int from) {
    const unsigned turn = share({uint32_t(from)});
    for (int matrix = 0; matrix < 4; ++matrix) std::memcpy(&out[matrix], block.bytes() + of(matrix * 8 + index % 32 / 4, turn)[0] + index % 4 * 4, 4);
  }

  /** Element (r, k) of A is with lane 4 (r mod 8) + (k mod 8) / 2, (k, n) of B with lane 4 n + (k mod 8) / 2; sums as rows of A and pairs of columns. */
  void multiply(float (&sum)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    const unsigned turn = share({a[0], a[1], a[2], a[3], b0, b1});
    for (int part = 0; part < 4; ++part) {
      const int row = index % 32 / 4 + part / 2 * 8, column = index % 4 * 2 + part % 2;
      for (int k = 0; k < 16; ++k) {
        const uint32_t wordA = of(row % 8 * 4 + k % 8 / 2, turn)[row / 8 + k / 8 * 2], wordB = of(column * 4 + k % 8 / 2, turn)[4 + k / 8];
        sum[part] += fromBf16(k % 2 ? wordA >> 16 : wordA & 0xffff) * fromBf16(k % 2 ? wordB >> 16 : wordB & 0xffff);
      }
    }
  }

 private:
  unsigned share(const std::vector<uint32_t>& words) {
    const unsigned turn = turns++;
    for (size_t at = 0; at < words.size(); ++at) block.operandsOf(index, turn)[at] = words[at];
    block.awaitWarp();
    return turn;
  }
  uint32_t (&of(int lane, unsigned turn))[6] { return block.operandsOf(index / 32 * 32 + lane, turn); }
  HostBlock& block;
  const int index;
  unsigned turns = 0;
  size_t landed = 0;
  std::vector<std::pair<int, const void*>> open;
  std::vector<std::vector<std::pair<int, const void*>>> groups;
};
}  // namespace exatwin

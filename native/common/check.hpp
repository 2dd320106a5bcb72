// Results are checked, not only timed: a wrong one ends the program with exit code 3 and no line for that case.
#pragma once
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace exatwin {
[[noreturn]] inline void fail(const std::string& what) {
  std::fprintf(stderr, "wrong result: %s\n", what.c_str());
  std::exit(3);
}

/** A part of the suite that cannot run here is told on a line of its own, never left out in silence. */
inline void skip(const std::string& benchmark, const std::string& reason);

inline void expectNear(const std::string& what, double got, double expected, double relative) {
  if (!(std::fabs(got - expected) <= relative * std::fmax(std::fabs(expected), 1e-30)))
    fail(what + ": got " + std::to_string(got) + ", expected " + std::to_string(expected));
}
}  // namespace exatwin

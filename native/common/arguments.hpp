// Arguments of every benchmark: --quick (under 2 s), --tiny (the fewest cases and repeats, for tests), --threads N, --only CASE-WORD,
// and the benchmark's own --name value pairs. An unknown argument ends the program with the names it knows.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace exatwin {
struct Options {
  bool quick = false;
  bool tiny = false;
  /** Threads to use at most; a benchmark that sweeps threads goes up to this. */
  int threads = 1;
  std::map<std::string, std::string> own;

  std::string get(const std::string& name, const std::string& otherwise) const {
    const auto found = own.find(name);
    return found == own.end() ? otherwise : found->second;
  }
  double number(const std::string& name, double otherwise) const {
    const auto found = own.find(name);
    return found == own.end() ? otherwise : std::atof(found->second.c_str());
  }
  /** Picks by how long a run may take. */
  template <class T> T pick(T full, T quickly, T tiniest) const { return tiny ? tiniest : quick ? quickly : full; }
};

inline Options readOptions(int argc, char** argv, const std::vector<std::string>& own = {}) {
  Options options;
  for (int at = 1; at < argc; ++at) {
    const std::string word = argv[at];
    bool known = true;
    if (word == "--quick") options.quick = true;
    else if (word == "--tiny") options.tiny = options.quick = true;
    else if (word == "--threads" && at + 1 < argc) options.threads = std::max(1, std::atoi(argv[++at]));
    else {
      known = false;
      for (const std::string& name : own)
        if (word == "--" + name && at + 1 < argc) { options.own[name] = argv[++at]; known = true; break; }
    }
    if (known) continue;
    std::string names = "--quick --tiny --threads N";
    for (const std::string& name : own) names += " --" + name + " VALUE";
    std::fprintf(stderr, "%s: unknown or incomplete argument %s; known: %s\n", argv[0], word.c_str(), names.c_str());
    std::exit(2);
  }
  return options;
}
}  // namespace exatwin

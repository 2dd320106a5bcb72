// Order statistics against values worked out by hand, and JSON against what a reader expects. Nothing is measured.
#include "common/check.hpp"
#include "common/json.hpp"
#include "common/statistics.hpp"

int main() {
  using namespace exatwin;
  // 1 to 11 in disorder: quantile q lies at 1 + 10 q.
  const Summary eleven = summarise({7, 3, 11, 1, 9, 5, 2, 10, 4, 8, 6});
  expectNear("min", eleven.min, 1, 0);
  expectNear("p10", eleven.p10, 2, 1e-15);
  expectNear("median", eleven.median, 6, 0);
  expectNear("p90", eleven.p90, 10, 1e-15);
  expectNear("max", eleven.max, 11, 0);
  expectNear("mean", eleven.mean, 6, 0);
  expectNear("count", double(eleven.count), 11, 0);
  // Four values: the 10th percentile lies 0.3 of the way from the first to the second, the median half-way between the middle ones.
  const Summary four = summarise({40, 10, 30, 20});
  expectNear("p10 of four", four.p10, 13, 1e-15);
  expectNear("median of four", four.median, 25, 0);
  expectNear("p90 of four", four.p90, 37, 1e-15);
  const Summary one = summarise({0.5});
  expectNear("p10 of one", one.p10, 0.5, 0);
  expectNear("p90 of one", one.p90, 0.5, 0);

  const std::string line = Json().text("name", "a \"b\" \\ \n").number("whole", 4294967296.0).number("small", 1.25e-7).flag("yes", true).object("in", Json().number("n", -3)).str();
  const std::string expected = R"({"name":"a \"b\" \\ \u000a","whole":4294967296,"small":1.25e-07,"yes":true,"in":{"n":-3}})";
  if (line != expected) fail("JSON: got " + line + ", expected " + expected);
  bool refused = false;
  try {
    Json().number("time", std::nan(""));
  } catch (const std::runtime_error&) {
    refused = true;
  }
  if (!refused) fail("JSON: a number that is not finite was written");
}

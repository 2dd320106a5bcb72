// One JSON object, keys in the order they were added. Numbers keep nine digits; a number that is not finite is a fault.
#pragma once
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace exatwin {
inline std::string quote(const std::string& text) {
  std::string out = "\"";
  for (const unsigned char c : text) {
    if (c == '"' || c == '\\') { out += '\\'; out += char(c); }
    else if (c < 0x20) { char code[8]; std::snprintf(code, sizeof code, "\\u%04x", c); out += code; }
    else out += char(c);
  }
  return out + "\"";
}

class Json {
 public:
  Json& text(const std::string& key, const std::string& value) { return add(key, quote(value)); }
  Json& flag(const std::string& key, bool value) { return add(key, value ? "true" : "false"); }
  Json& object(const std::string& key, const Json& value) { return add(key, value.str()); }
  Json& number(const std::string& key, double value) {
    if (!std::isfinite(value)) throw std::runtime_error(key + " is not finite");
    char digits[40];
    std::snprintf(digits, sizeof digits, std::floor(value) == value && std::fabs(value) < 1e15 ? "%.0f" : "%.9g", value);
    return add(key, digits);
  }
  std::string str() const { return "{" + body + "}"; }

 private:
  Json& add(const std::string& key, const std::string& value) {
    body += (body.empty() ? "" : ",") + quote(key) + ":" + value;
    return *this;
  }
  std::string body;
};
}  // namespace exatwin

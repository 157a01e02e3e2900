// SP.10: texts from exports are UTF-8 or CP1251.
#include "dealtrail/core/encoding.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

// Whether the bytes are the one shortest form of a character that may be encoded: encodes each and compares (RFC 3629,
// section 3).
bool slowly_valid(std::string_view text) {
  while (!text.empty()) {
    bool found = false;
    for (std::size_t length = 1; length <= 4 && length <= text.size() && !found; ++length) {
      unsigned code = 0;
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
      const unsigned lead_bits[] = {0x00, 0xC0, 0xE0, 0xF0};
      const unsigned lead_masks[] = {0x80, 0xE0, 0xF0, 0xF8};
      if ((byte(0) & lead_masks[length - 1]) != lead_bits[length - 1]) continue;
      code = byte(0) & ~lead_masks[length - 1];
      bool follows = true;
      for (std::size_t i = 1; i < length; ++i) {
        follows &= (byte(i) & 0xC0U) == 0x80U;
        code = code << 6U | (byte(i) & 0x3FU);
      }
      const unsigned least_codes[] = {0, 0x80, 0x800, 0x10000};
      found = follows && code >= least_codes[length - 1] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
      if (found) text.remove_prefix(length);
    }
    if (!found) return false;
  }
  return true;
}

TEST(EncodingTest, KnowsGoodUtf8) {
  for (const std::string_view text :
       {"", "plain ascii, longer than eight bytes", "Привет", "€", "\U0001F600", "\uFFFF", "\U0010FFFF"}) {
    EXPECT_TRUE(utf8_valid(text)) << text;
  }
  EXPECT_TRUE(utf8_valid(std::string_view("\0a", 2)));
}

TEST(EncodingTest, KnowsBadUtf8) {
  const std::vector<std::string> bad{
      "\x80",              // a continuation alone
      "\xC0\x80",          // overlong 0
      "\xC1\xBF",          // overlong
      "\xE0\x9F\xBF",      // overlong
      "\xED\xA0\x80",      // a surrogate
      "\xF0\x8F\xBF\xBF",  // overlong
      "\xF4\x90\x80\x80",  // above U+10FFFF
      "\xF5\x80\x80\x80",
      "\xFF",
      "\xD0",
      "\xE2\x82",
      "\xF0\x9F\x98",
      "\xD0\x41",
      "12345678\xD0",
      "\xCF\xF0\xE8\xE2\xE5\xF2",  // CP1251
  };
  for (const std::string& text : bad) EXPECT_FALSE(utf8_valid(text));
}

TEST(EncodingTest, AgreesWithTheDefinitionOnEveryPairAndEdge) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string pair{static_cast<char>(first), static_cast<char>(second)};
      for (const std::string_view tail : {"", "\x80", "\xBF\xBF", "a"}) {
        const std::string text = pair + std::string(tail);
        ASSERT_EQ(utf8_valid(text), slowly_valid(text)) << first << ' ' << second;
        ASSERT_EQ(utf8_valid("abcdefgh" + text), slowly_valid(text));
      }
    }
  }
}

TEST(EncodingTest, Cp1251BecomesUtf8) {
  EXPECT_EQ(cp1251_to_utf8("\xCF\xF0\xE8\xE2\xE5\xF2, A1"), "Привет, A1");
  EXPECT_EQ(cp1251_to_utf8("\xA8\xB8\xB9\x88\xA0\x96"), "Ёё№€\u00A0–");
  EXPECT_EQ(cp1251_to_utf8(""), "");
  // Every byte becomes one valid character, and no two the same.
  std::vector<std::string> seen;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = cp1251_to_utf8(std::string(1, static_cast<char>(byte)));
    EXPECT_TRUE(utf8_valid(text));
    EXPECT_EQ(std::count(seen.begin(), seen.end(), text), 0) << byte;
    seen.push_back(text);
  }
}

}  // namespace
}  // namespace dealtrail

#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/error.hpp"

namespace dealtrail {

/// An ISO 4217 code of three capital letters, or none (default-constructed). Three bytes, ordered by the letters, none
/// first. Any three capital letters are taken, also codes that a CRM invented for itself.
class Currency {
 public:
  constexpr Currency() noexcept = default;

  /// From a literal, checked by the compiler: `constexpr Currency rouble{"RUB"};`
  explicit consteval Currency(const char (&code)[4]) : letters_{code[0], code[1], code[2]} {
    if (!find(std::string_view{code, 3})) throw "a currency is three capital letters";
  }

  /// The currency of a code, or nothing when it is not three capital letters.
  [[nodiscard]] static constexpr std::optional<Currency> find(std::string_view code) noexcept {
    if (code.size() != 3) return std::nullopt;
    for (const char letter : code) {
      if (letter < 'A' || letter > 'Z') return std::nullopt;
    }
    Currency currency;
    currency.letters_ = {code[0], code[1], code[2]};
    return currency;
  }

  /// The currency of a code.
  /// @throws Error invalid_argument if it is not three capital letters.
  [[nodiscard]] static constexpr Currency from_code(std::string_view code) {
    if (const auto found = find(code)) return *found;
    throw Error(ErrorCode::invalid_argument, "not a currency code: \"" + std::string(code.substr(0, 32)) + "\"", {},
                "expected three capital letters of ISO 4217, such as RUB");
  }

  /// No currency, for plain numbers with so many digits after the point (0 to 9). Two are the default's.
  [[nodiscard]] static constexpr Currency none(int places) noexcept {
    Currency currency;
    if (places != 2) currency.letters_[1] = static_cast<char>('0' + places);
    return currency;
  }
  /// Digits after the point of numbers without a currency.
  [[nodiscard]] constexpr int places() const noexcept { return letters_[1] == '\0' ? 2 : letters_[1] - '0'; }

  /// True for "no currency".
  [[nodiscard]] constexpr bool empty() const noexcept { return letters_[0] == '\0'; }
  /// The three letters, "" for none. Valid as long as this object lives.
  [[nodiscard]] constexpr std::string_view code() const noexcept {
    return empty() ? std::string_view{} : std::string_view{letters_.data(), 3};
  }

  friend constexpr bool operator==(const Currency&, const Currency&) noexcept = default;
  friend constexpr auto operator<=>(const Currency&, const Currency&) noexcept = default;

 private:
  std::array<char, 3> letters_{};
};

namespace detail {

[[nodiscard]] constexpr bool has_code(std::string_view list, const Currency& currency) noexcept {
  if (currency.empty()) return false;
  const std::string_view code = currency.code();
  for (std::size_t at = 0; at < list.size(); at += 4) {  // letter by letter: no call, and the first one tells most
    if (list[at] == code[0] && list[at + 1] == code[1] && list[at + 2] == code[2]) return true;
  }
  return false;
}

}  // namespace detail

/// Digits after the point that the currency has: 2 unless ISO 4217 says otherwise (JPY 0, KWD 3, CLF 4); 2 for unknown
/// codes, those of `Currency::none` for none. Source: ISO 4217 list one, column "minor unit"; its "N.A." entries
/// (metals, funds) count as 2 here.
[[nodiscard]] constexpr int decimals(const Currency& currency) noexcept {
  if (currency.empty()) return currency.places();
  if (detail::has_code("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", currency)) return 0;
  if (detail::has_code("BHD IQD JOD KWD LYD OMR TND", currency)) return 3;
  if (detail::has_code("CLF UYW", currency)) return 4;
  return 2;
}

/// True for the codes of money in use that ISO 4217 lists; a code read beside a number is taken for a currency only
/// then.
[[nodiscard]] constexpr bool is_iso_4217(const Currency& currency) noexcept {
  return detail::has_code(
      "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
      "CLF CLP "
      "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
      "IDR ILS "
      "INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
      "MOP MRU "
      "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
      "SDG SEK "
      "SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES "
      "VND VUV "
      "WST XAF XCD XOF XPF YER ZAR ZMW ZWG",
      currency);
}

inline constexpr Currency AED{"AED"}, AMD{"AMD"}, AZN{"AZN"}, BHD{"BHD"}, BRL{"BRL"}, BYN{"BYN"}, CHF{"CHF"},
    CNY{"CNY"}, CZK{"CZK"}, EUR{"EUR"}, GBP{"GBP"}, GEL{"GEL"}, HUF{"HUF"}, INR{"INR"}, JPY{"JPY"}, KGS{"KGS"},
    KRW{"KRW"}, KWD{"KWD"}, KZT{"KZT"}, MDL{"MDL"}, PLN{"PLN"}, RSD{"RSD"}, RUB{"RUB"}, TJS{"TJS"}, TRY{"TRY"},
    UAH{"UAH"}, USD{"USD"}, UZS{"UZS"};

}  // namespace dealtrail

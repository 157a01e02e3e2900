// SP.7: the typed face of each kind: a plain struct for designated initialisers, generated from the one declaration.
#include "dealtrail/facts/facts.hpp"

#include <cstddef>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

// Visits a default fact of every kind.
template <class Visit>
void for_each_struct(Visit&& visit) {
#define DEALTRAIL_KIND(kind, Struct, meaning) visit(Struct{});
#define DEALTRAIL_FIELD(type, name, need, meaning)
#define DEALTRAIL_LINK(name, target, need, meaning)
#define DEALTRAIL_CHOICE(name, need, choices, meaning)
#define DEALTRAIL_END
#include "dealtrail/facts/kinds.def"
}

template <class Member>
bool holds(FieldType type) {
  using Value = typename std::conditional_t<is_optional<Member>, Member, std::optional<Member>>::value_type;
  switch (type) {
    case FieldType::text:
    case FieldType::choice:
    case FieldType::link: return std::is_same_v<Value, std::string>;
    case FieldType::integer: return std::is_same_v<Value, std::int64_t>;
    case FieldType::real: return std::is_same_v<Value, double>;
    case FieldType::boolean: return std::is_same_v<Value, bool>;
    case FieldType::time: return std::is_same_v<Value, Timestamp>;
    case FieldType::money: return std::is_same_v<Value, Money>;
    case FieldType::decimal: return std::is_same_v<Value, Decimal>;
  }
  return false;
}

TEST(FactsTest, EveryMemberIsOfItsDeclaredTypeAndOptionalUnlessNeeded) {
  std::size_t structs = 0;
  for_each_struct([&](const auto& fact) {
    using F = std::decay_t<decltype(fact)>;
    static_assert(Fact<F>);
    static_assert(std::is_aggregate_v<F>);
    ++structs;
    const auto declared = fields_of(F::kind_of_fact);
    std::size_t visited = 0;
    for_each_field(fact, [&](std::size_t field, const auto& value) {
      using Member = std::decay_t<decltype(value)>;
      ASSERT_EQ(field, visited++);
      SCOPED_TRACE(std::string{kind_name(F::kind_of_fact)} + '.' + std::string{declared[field].name});
      EXPECT_TRUE(holds<Member>(declared[field].type));
      EXPECT_EQ(is_optional<Member>, declared[field].need != Need::needed);
    });
    EXPECT_EQ(visited, declared.size());
    EXPECT_TRUE(fact.id.empty());
    EXPECT_FALSE(fact.version.has_value());
  });
  EXPECT_EQ(structs, kind_count);
}

TEST(FactsTest, DesignatedInitialisersSayOnlyWhatIsKnown) {
  const Deal deal{.id = "d-1",
                  .version = 3,
                  .company = "romashka",
                  .outcome = "won",
                  .created_at = from_us(5),
                  .amount = Money{12'850'000, RUB}};
  EXPECT_EQ(deal.id, "d-1");
  EXPECT_EQ(deal.version, 3);
  EXPECT_EQ(deal.company, "romashka");
  EXPECT_EQ(deal.amount, (Money{12'850'000, RUB}));
  EXPECT_FALSE(deal.person.has_value());
  EXPECT_FALSE(deal.closed_at.has_value());
  const Channel channel{.id = "tg", .name = "Telegram"};
  EXPECT_FALSE(channel.state.has_value());  // said by the default at the door
}

TEST(FactsTest, OnlyFactsAreFacts) {
  static_assert(Fact<Attendance>);
  static_assert(!Fact<std::string>);
  static_assert(!Fact<Money>);
  static_assert(Invoice::kind_of_fact == Kind::invoices);
}

}  // namespace
}  // namespace dealtrail

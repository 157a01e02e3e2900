#pragma once

#include <string>
#include <vector>

#include "dealtrail/cards/postings.hpp"

namespace dealtrail::detail {

// Who is behind a touch: what it says of a person, a phone, a client of a tracker. Texts, so that they can be compared
// across kinds of fact: "p" and the cluster's id, "t" and the number in its form, "c" and the client id.
class Callers {
 public:
  explicit Callers(const FactsView& facts) : facts_(facts), store_(facts.store) {}

  [[nodiscard]] std::string of_person(RowId person) const {
    return "p" + std::string{store_.id(Kind::people, facts_.people.root(person))};
  }

  /// All that a touch says, the surest first; empty when it says nothing.
  [[nodiscard]] std::vector<std::string> marks(RowId touch) const {
    namespace f = fields::touches;
    std::vector<std::string> all;
    if (const RowId person = store_.link(Kind::touches, touch, f::person); person != no_row)
      all.push_back(of_person(person));
    if (const auto phone = text(touch, f::phone); !phone.empty()) all.push_back("t" + normalised_number(phone));
    if (const auto client = text(touch, f::client_id); !client.empty() && !is_placeholder(client))
      all.push_back("c" + std::string{client});
    return all;
  }

  /// One name for who called: the surest mark, else the touch alone.
  [[nodiscard]] std::string name(RowId touch) const {
    const auto all = marks(touch);
    return all.empty() ? "?" + std::string{store_.id(Kind::touches, touch)} : all.front();
  }

 private:
  [[nodiscard]] std::string_view text(RowId touch, std::size_t field) const {
    const Cell cell = store_.get(Kind::touches, touch, field);
    return cell == null_cell ? std::string_view{} : store_.text(cell);
  }

  const FactsView facts_;
  const FactStore& store_;
};

}  // namespace dealtrail::detail

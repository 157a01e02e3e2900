#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <everything.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

std::size_t rows_of_every_table_call();

namespace {

using namespace dealtrail;

// A stream that takes nothing.
struct FullDisk {
  void write(const char*, std::ptrdiff_t) {}
  [[nodiscard]] bool operator!() const noexcept { return true; }
};

Table every_type() {
  const Timestamp at{std::chrono::hours{492'000}};
  TableBuilder builder{"every type"};
  ColumnBuilder& text = builder.text("text");
  ColumnBuilder& integer = builder.integer("integer", "people");
  ColumnBuilder& real = builder.real("real", "share");
  ColumnBuilder& boolean = builder.boolean("boolean");
  ColumnBuilder& time = builder.time("time");
  ColumnBuilder& decimal = builder.decimal("decimal", 3);
  ColumnBuilder& money = builder.money("money", RUB);
  ColumnBuilder& any = builder.integer("any");
  text.append_text("a");
  integer.append_integer(1);
  real.append_real(0.5);
  boolean.append_boolean(true);
  time.append_time(at);
  decimal.append_decimal(Decimal{1, 0});
  money.append_minor(120);
  any.append(Datum::integer(7));
  for (ColumnBuilder* column : {&text, &integer, &real, &boolean, &time, &decimal, &money, &any}) column->append_null();
  builder.integers("integers", {1, text.rows()});
  builder.reals("reals", {0.25, 0.75});
  builder.meta("note", "kept");
  return builder.finish();
}

std::size_t cells_of(const Table& table) {
  std::size_t known = table.columns().size() + table.meta().size();
  if (table.meta("note") == "kept" && table.at(0, "text") == table.at(0, 0)) ++known;
  if (table.text_at(0, "text") && table.integer_at(0, 1) && table.real_at(0, "real")) ++known;
  if (table.boolean_at(0, "boolean") && table.time_at(0, "time") && table.decimal_at(0, "decimal")) ++known;
  if (table.minor_at(0, "money") == table.money_at(0, "money")->minor && table.find_row("text", "a") == 0) ++known;
  return known;
}

std::size_t columns_of(const TableInput& input) {
  const ColumnReader text{input, "text"};
  const ColumnReader integer{input, "integers"};
  const ColumnReader real{input, 9};
  const ColumnReader boolean{input, "boolean"};
  const ColumnReader time{input, "time"};
  const auto all_integers = integer.integers();
  const auto all_reals = real.reals();
  std::size_t seen = all_integers.view().size() + all_reals.view().size() + integer.piece_count();
  integer.for_each([&](std::int64_t, const Datum& cell) { seen += cell.is_null() ? 0U : 1U; });
  std::array<std::uint8_t, 2> known{};
  std::array<std::uint8_t, 2> flags{};
  std::array<std::int64_t, 2> numbers{};
  std::array<double, 2> reals{};
  std::array<std::string_view, 2> texts{};
  integer.read_integers(0, 0, numbers, known);
  time.read_times_us(0, 0, numbers, known);
  real.read_reals(0, 0, reals, known);
  boolean.read_booleans(0, 0, flags, known);
  text.read_texts(0, 0, texts);
  if (text.is_dictionary()) {
    text.read_codes(0, 0, numbers);
    seen += text.dictionary_texts(0).size();
  }
  if (text.is_null(1) && text.may_have_nulls(0) && text.piece_rows(0) == text.rows()) ++seen;
  try {
    const auto all_times = time.times_us();
    seen += all_times.view().size();
  } catch (const Error& error) {
    seen += error.code() == ErrorCode::null_value ? 1U : 0U;
  }
  return seen + text.info().name.size() + (text.read(0).is_null() ? 0U : 1U);
}

}  // namespace

// As in calls.cpp, of the room of tables.
std::size_t rows_of_every_table_call() {
  const Table table = every_type();
  OwnedStream stream = table.to_stream();
  TableReader reader{std::move(stream), "every type"};
  reader.schema().require({{"text", {ColumnType::text}}});
  std::size_t rows = cells_of(table) + reader.schema().columns().size() + reader.schema()[0].name.size();
  if (const auto first = reader.next()) {
    rows += columns_of(*first) + first->batches().size();
    if (first->arrow_schema().n_children == 10 && first->schema() == table.schema()) ++rows;
  }
  rows += static_cast<std::size_t>(reader.rest().rows() + TableInput{}.rows() + read_all(table.to_stream()).rows());
  OwnedStream again = table.to_stream();
  OwnedSchema schema;
  OwnedArray batch;
  if (again.address()->get_schema(again.address(), schema.address()) != 0) return 0;
  if (again.address()->get_next(again.address(), batch.address()) != 0) return 0;
  std::vector<OwnedArray> batches;
  batches.push_back(std::move(batch));
  rows += static_cast<std::size_t>(TableInput::from_batches(std::move(schema), std::move(batches)).rows());

  FullDisk full;
  for (const bool csv : {true, false}) {
    try {
      csv ? write_csv(table, full) : write_json(table, full);
      return 0;
    } catch (const Error& error) {
      rows += error.code() == ErrorCode::io_error ? 1U : 0U;
    }
  }
  return table == every_type() && to_text(table.at(0, "money")) == "1.20" ? rows : 0;
}

// SP.5: cells per second through a ColumnReader, one batch and many, and the export of a Table.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/table/column.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {
namespace {

constexpr std::int64_t rows = 1'000'000;

const Table& sample() {
  static const Table table = [] {
    TableBuilder builder;
    ColumnBuilder& text = builder.text("text");
    ColumnBuilder& integer = builder.integer("integer");
    ColumnBuilder& real = builder.real("real");
    ColumnBuilder& boolean = builder.boolean("boolean");
    ColumnBuilder& time = builder.time("time");
    ColumnBuilder& money = builder.money("money", RUB);
    for (std::int64_t i = 0; i < rows; ++i) {
      text.append_text("bitrix24:" + std::to_string(i));
      integer.append_integer(i);
      real.append_real(static_cast<double>(i));
      boolean.append_boolean(i % 3 == 0);
      time.append_time(from_us(i));
      if (i % 7 == 0)
        money.append_null();
      else
        money.append_minor(i);
    }
    return builder.finish();
  }();
  return table;
}

// The table in batches of 131 072 rows, as DuckDB cuts it: slices of one exported batch.
TableInput in_batches() {
  constexpr std::int64_t batch_rows = 131'072;
  OwnedSchema schema;
  OwnedStream first = sample().to_stream();
  if (first.view().get_schema(first.address(), schema.address()) != 0) std::abort();
  std::vector<OwnedArray> batches;
  for (std::int64_t from = 0; from < rows; from += batch_rows) {
    OwnedStream stream = sample().to_stream();
    OwnedArray batch;
    if (stream.view().get_next(stream.address(), batch.address()) != 0) std::abort();
    batch.address()->offset = from;
    batch.address()->length = std::min(batch_rows, rows - from);
    batches.push_back(std::move(batch));
  }
  return TableInput::from_batches(std::move(schema), std::move(batches));
}

void read_cells(benchmark::State& state, const char* column, bool many) {
  const TableInput table = many ? in_batches() : read_all(sample().to_stream());
  const ColumnReader reader{table, column};
  for (auto _ : state) {
    std::int64_t present = 0;
    for (std::int64_t row = 0; row < reader.rows(); ++row) {
      const Datum cell = reader.read(row);
      benchmark::DoNotOptimize(cell);
      present += cell.is_null() ? 0 : 1;
    }
    benchmark::DoNotOptimize(present);
  }
  state.SetItemsProcessed(state.iterations() * rows);
}

void visit_cells(benchmark::State& state, const char* column) {
  const TableInput table = read_all(sample().to_stream());
  const ColumnReader reader{table, column};
  for (auto _ : state) {
    reader.for_each([](std::int64_t, const Datum& cell) { benchmark::DoNotOptimize(cell); });
  }
  state.SetItemsProcessed(state.iterations() * rows);
}

BENCHMARK_CAPTURE(read_cells, integer, "integer", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_cells, integer_in_batches, "integer", true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_cells, text, "text", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_cells, text_in_batches, "text", true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_cells, money_with_nulls, "money", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_cells, time, "time", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(visit_cells, integer, "integer")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(visit_cells, text, "text")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(visit_cells, money_with_nulls, "money")->Unit(benchmark::kMillisecond);

void BM_Export(benchmark::State& state) {
  for (auto _ : state) {
    const TableInput table = read_all(sample().to_stream());
    benchmark::DoNotOptimize(table.rows());
  }
}
BENCHMARK(BM_Export);

}  // namespace
}  // namespace dealtrail

// JSON pages and CSV end to end: bytes to facts in a Trail (SP, speed: JSON pages >= 60 MB/s).
#include <cstddef>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <dealtrail/io/json_records.hpp>
#include <dealtrail/io/load.hpp>

namespace {

using namespace dealtrail;

// A record as a portal's deal list has it: 29 columns, most of them not read.
std::string deal(std::size_t i) {
  const std::string id = std::to_string(i + 1);
  return R"({"ID":")" + id + R"(","TITLE":"Окна, ЖК Север )" + id +
         R"(","TYPE_ID":"SALE","CATEGORY_ID":"5","STAGE_ID":"C5:WON","STAGE_SEMANTIC_ID":"S","CLOSED":"Y",)" +
         R"("OPPORTUNITY":")" + std::to_string(1000 + i % 9000) +
         R"(.50","CURRENCY_ID":"RUB","IS_MANUAL_OPPORTUNITY":"Y","TAX_VALUE":"0.00","PROBABILITY":null,)" +
         R"("LEAD_ID":")" + std::to_string(i % 5000 + 1) + R"(","COMPANY_ID":"0","CONTACT_ID":")" +
         std::to_string(i % 20000 + 1) +
         R"(","ASSIGNED_BY_ID":"6","DATE_CREATE":"2026-03-02T10:00:00+03:00","DATE_MODIFY":"2026-04-11T18:00:00+03:00",)" +
         R"("BEGINDATE":"2026-03-02T00:00:00+03:00","CLOSEDATE":"2026-04-11T00:00:00+03:00","MOVED_TIME":"2026-04-11T17:59:00+03:00",)" +
         R"("IS_RETURN_CUSTOMER":"N","IS_REPEATED_APPROACH":"N","SOURCE_ID":"CALL","SOURCE_DESCRIPTION":"Щит на МКАД","ORIGINATOR_ID":null,"UTM_SOURCE":null,"UTM_MEDIUM":null,"UTM_CAMPAIGN":null})";
}

std::string pages(std::size_t records) {
  std::string text = "[";
  for (std::size_t i = 0; i < records; ++i) {
    text += i % 50 != 0 ? "," : i == 0 ? R"({"result":[)" : R"(,{"result":[)";
    text += deal(i);
    if (i % 50 == 49 || i + 1 == records) {
      text += R"(],"total":)" + std::to_string(records) +
              (i + 1 == records ? "}" : R"(,"next":)" + std::to_string(i + 1) + "}");
    }
  }
  return text + "]";
}

const Profile& small_profile() {
  static const Profile profile = Profile::parse(
      R"({"profile":"bench","source":"b","page":{"records":"result[]","next":"next","total":"total"},"methods":{"deals":{"files":["*"],"puts":[
    {"put":"deals","id":"ID","version":"DATE_MODIFY","set":{"person":"CONTACT_ID","company":"COMPANY_ID","lead":"LEAD_ID","pipeline":"CATEGORY_ID","stage":"STAGE_ID",
     "outcome":{"map":"STAGE_SEMANTIC_ID","with":{"S":"won","F":"lost","P":"open"}},"created_at":"DATE_CREATE","closed_at":{"column":"CLOSEDATE","when":{"field":"CLOSED","op":"eq","value":"Y"}},
     "amount":"OPPORTUNITY","currency":"CURRENCY_ID"}}]}}})");
  return profile;
}

// The parser alone, the floor of the others.
void BM_JsonRecords(benchmark::State& state) {
  const std::string text = pages(static_cast<std::size_t>(state.range(0)));
  detail::Envelope envelope;
  envelope.paths.push_back(detail::parse_page_path(detail::PathRole::record, "result[]").value());
  for (auto _ : state) {
    std::size_t records = 0;
    detail::KeyTable keys;
    detail::PageEvents events(
        envelope, keys, [&](const detail::Record&, std::string_view) { ++records; }, [](detail::PageReport&) {});
    detail::BlockReader bytes("deals.json", text);
    read_json_records(bytes, events);
    benchmark::DoNotOptimize(records);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_JsonRecords)->Arg(50'000)->Unit(benchmark::kMillisecond);

void BM_JsonToDrafts(benchmark::State& state) {
  const std::string text = pages(static_cast<std::size_t>(state.range(0)));
  const FactSource source = FactSource::text("deals.json", text);
  for (auto _ : state) {
    std::size_t facts = 0;
    benchmark::DoNotOptimize(read_facts({&source, 1}, small_profile(), [&](const Draft&) { ++facts; }));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_JsonToDrafts)->Arg(50'000)->Unit(benchmark::kMillisecond);

// Bytes to a Trail with settled cards, by a small profile and by the built-in one.
void load_pages(benchmark::State& state, const Profile& profile, const std::string& name) {
  const std::string text = pages(static_cast<std::size_t>(state.range(0)));
  const FactSource source = FactSource::text(name, text);
  std::int64_t facts = 0;
  for (auto _ : state) {
    Trail trail{RUB};
    const auto report = load(trail, {&source, 1}, profile);
    facts += report.put.total().put;
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.SetItemsProcessed(facts);
}
void BM_LoadJson(benchmark::State& state) { load_pages(state, small_profile(), "deals.json"); }
BENCHMARK(BM_LoadJson)->Arg(5'000)->Arg(50'000)->Unit(benchmark::kMillisecond);
void BM_LoadBitrix24(benchmark::State& state) { load_pages(state, Profile::find("bitrix24"), "crm-deal-list.json"); }
BENCHMARK(BM_LoadBitrix24)->Arg(5'000)->Arg(50'000)->Unit(benchmark::kMillisecond);

void BM_CsvToDrafts(benchmark::State& state) {
  std::string text =
      "ID;DATE_MODIFY;CONTACT_ID;COMPANY_ID;CATEGORY_ID;STAGE_ID;STAGE_SEMANTIC_ID;DATE_CREATE;OPPORTUNITY;CURRENCY_ID;"
      "TITLE\n";
  for (std::int64_t i = 1; i <= state.range(0); ++i) {
    text += std::to_string(i) + ";2026-04-11T18:00:00+03:00;" + std::to_string(i % 20000 + 1) +
            ";0;5;C5:WON;S;2026-03-02T10:00:00+03:00;1204.50;RUB;\"Окна; ЖК Север\"\n";
  }
  const FactSource source = FactSource::text("deals.csv", text);
  for (auto _ : state) {
    std::size_t facts = 0;
    benchmark::DoNotOptimize(read_facts({&source, 1}, small_profile(), [&](const Draft&) { ++facts; }));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_CsvToDrafts)->Arg(50'000)->Unit(benchmark::kMillisecond);

}  // namespace

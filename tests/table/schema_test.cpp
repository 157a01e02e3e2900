// SP.5: columns by name and type.
#include "dealtrail/table/schema.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

Schema sample() {
  return Schema{{{.name = "journey", .type = ColumnType::integer},
                 {.name = "channel", .type = ColumnType::text},
                 {.name = "pair", .type = ColumnType::unsupported, .hint = "explode it"},
                 {.name = "twice", .type = ColumnType::text},
                 {.name = "twice", .type = ColumnType::text},
                 {.name = "empty", .type = ColumnType::null}},
                "touches"};
}

template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error{ErrorCode::not_converged, ""};
}

TEST(SchemaTest, FindsAColumn) {
  const Schema schema = sample();
  EXPECT_EQ(schema.find("channel"), 1U);
  EXPECT_EQ(schema.find("city"), std::nullopt);
  EXPECT_EQ(schema.index_of("journey"), 0U);
  EXPECT_EQ(schema[1].name, "channel");
}

TEST(SchemaTest, MissingColumnListsThoseThatAreThere) {
  const Schema schema = sample();
  const Error error = error_of([&] { (void)schema.index_of("at"); });
  EXPECT_EQ(error.code(), ErrorCode::missing_column);
  EXPECT_EQ(error.where().table, "touches");
  EXPECT_EQ(error.where().column, "at");
  EXPECT_NE(error.hint().find("journey, channel"), std::string::npos) << error.hint();
}

TEST(SchemaTest, ALongListOfColumnsIsCut) {
  std::vector<ColumnInfo> columns;
  for (int i = 0; i < 40; ++i) columns.push_back({.name = "c" + std::to_string(i)});
  const Schema schema{columns};
  EXPECT_NE(error_of([&] { (void)schema.index_of("x"); }).hint().find("... 10 more"), std::string::npos);
  EXPECT_EQ(error_of([] { (void)Schema{}.index_of("x"); }).hint(), "the table has no columns");
}

TEST(SchemaTest, ANameThatTwoColumnsBearIsRefused) {
  const Schema schema = sample();
  EXPECT_EQ(error_of([&] { (void)schema.find("twice"); }).code(), ErrorCode::invalid_argument);
}

TEST(SchemaTest, RequireChecksPresenceAndType) {
  const Schema schema = sample();
  schema.require({{"journey", {ColumnType::integer, ColumnType::text}}, {"channel", {ColumnType::text}}});
  schema.require({{"empty", {ColumnType::time}}});  // a column of nulls has no type of its own
  EXPECT_EQ(error_of([&] { schema.require({{"at", {ColumnType::time}}}); }).code(), ErrorCode::missing_column);
  const Error error = error_of([&] { schema.require({{"channel", {ColumnType::time, ColumnType::local_time}}}); });
  EXPECT_EQ(error.code(), ErrorCode::type_mismatch);
  EXPECT_NE(std::string(error.what()).find("found text, expected time or local time"), std::string::npos)
      << error.what();
  EXPECT_EQ(error_of([&] { schema.require({{"pair", {ColumnType::text}}}); }).hint(), "explode it");
}

}  // namespace
}  // namespace dealtrail

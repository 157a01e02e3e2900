#pragma once

#include <array>
#include <string>
#include <string_view>

#include "dealtrail/io/detail/profile_data.hpp"

// Every key of a profile, once: the reader refuses what is not here, the JSON Schema is written from here.
namespace dealtrail::detail {

struct KeyRule {
  std::string_view name;
  bool needed;
  std::string_view schema;  // JSON
  std::string_view meaning;
};

inline constexpr std::string_view schema_text = R"({"type":"string"})";
inline constexpr std::string_view schema_texts =
    R"({"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]})";
inline constexpr std::string_view schema_flag = R"({"type":"boolean"})";
inline constexpr std::string_view schema_expression = R"({"$ref":"#/$defs/expression"})";
inline constexpr std::string_view schema_expressions =
    R"({"type":"object","additionalProperties":{"anyOf":[{"$ref":"#/$defs/expression"},{"type":"null"}]}})";
inline constexpr std::string_view schema_condition = R"({"$ref":"#/$defs/condition"})";
inline constexpr std::string_view schema_constant = R"({"type":["string","number","boolean"]})";
inline constexpr std::string_view schema_map =
    R"({"type":"object","additionalProperties":{"type":["string","number","boolean","null"]}})";
inline constexpr std::string_view schema_page = R"({"$ref":"#/$defs/page"})";
inline constexpr std::string_view schema_csv = R"({"$ref":"#/$defs/csv"})";

inline constexpr std::array profile_keys{
    KeyRule{"profile", true, R"({"type":"string","minLength":1})", "name of the profile"},
    KeyRule{"extends", false, schema_text, "built-in profile to start from"},
    KeyRule{"source", false, schema_text, "prefix of every id and link; default: the profile's name"},
    KeyRule{"zone", false, R"({"type":"string","pattern":"^(UTC|trail|[+-][0-9]{2}:[0-9]{2})$"})",
            "zone of times without an offset"},
    KeyRule{"currency", false, R"({"type":"string","pattern":"^[A-Z]{3}$"})",
            "currency of amounts whose row names none"},
    KeyRule{"times", false, schema_texts, "time formats, tried in order"},
    KeyRule{"numbers", false, R"({"$ref":"#/$defs/numbers"})", "how numbers in text are written"},
    KeyRule{"empty", false, schema_texts, "texts that mean no value"},
    KeyRule{"empty_links", false, schema_texts, "texts that mean no link"},
    KeyRule{"spellings", false, R"({"enum":["exact","snake_camel"]})", "whether two spellings of a column are one"},
    KeyRule{"page", false, schema_page, "the envelope of every method"},
    KeyRule{"csv", false, schema_csv, "how delimited files are written"},
    KeyRule{
        "maps", false,
        R"({"type":"object","additionalProperties":{"type":"object","additionalProperties":{"type":["string","number","boolean","null"]}}})",
        "value maps by name"},
    KeyRule{
        "declare", false,
        R"({"type":"object","additionalProperties":{"type":"object","additionalProperties":{"enum":["text","integer","real","boolean","time","money","decimal"]}}})",
        "own columns by kind"},
    KeyRule{"methods", true,
            R"({"type":"object","additionalProperties":{"anyOf":[{"$ref":"#/$defs/method"},{"type":"null"}]}})",
            "what the files are answers to"},
    KeyRule{"notes", false, schema_texts, "for people"},
};

inline constexpr std::array number_keys{
    KeyRule{"decimal", false, R"({"type":"string","minLength":1,"maxLength":1})", "the decimal mark"},
    KeyRule{"group", false, R"({"type":"string","maxLength":1})",
            "what separates thousands beside spaces and apostrophes; not declared: nothing"},
};

inline constexpr std::array page_keys{
    KeyRule{"records", false, schema_texts, "where records are"},
    KeyRule{"errors", false, schema_texts, "where the source reports failures"},
    KeyRule{"next", false, schema_text, "present when another page follows"},
    KeyRule{"total", false, schema_text, "number of records of the whole list"},
    KeyRule{"page", false, schema_text, "number of this page"},
    KeyRule{"page_count", false, schema_text, "number of pages"},
    KeyRule{"batch_next", false, schema_text, "next, by command of a batch"},
    KeyRule{"batch_total", false, schema_text, "total, by command of a batch"},
};

inline constexpr std::array csv_keys{
    KeyRule{"delimiter", false, R"({"type":"string","minLength":1,"maxLength":1})", "between fields"},
    KeyRule{"encoding", false, R"({"enum":["utf-8","cp1251"]})", "of the file"},
    KeyRule{"header", false,
            R"({"anyOf":[{"type":"boolean"},{"type":"array","items":{"type":"string"},"minItems":1}]})",
            "whether the first row names the columns, or their names"},
    KeyRule{"skip_rows", false, R"({"type":"integer","minimum":0})", "rows before the header: titles, periods"},
    KeyRule{"header_at", false, schema_text, "the header is the first row with a column of this name"},
    KeyRule{"totals", false, schema_texts, "a last row that begins with one of these is a total and no record"},
};

inline constexpr std::array method_keys{
    KeyRule{"files", false, schema_texts, "patterns of file names"},
    KeyRule{"page", false, schema_page, "the envelope, where it differs from the profile's"},
    KeyRule{"csv", false, schema_csv, "how its delimited files are written, where they differ"},
    KeyRule{"when", false, schema_condition, "records that do not meet it are skipped"},
    KeyRule{"puts", true, R"({"type":"array","items":{"$ref":"#/$defs/put"}})", "what each record puts, in order"},
    KeyRule{"notes", false, schema_texts, "for people; the reason when puts is empty"},
};

inline constexpr std::array put_keys{
    KeyRule{"put", true, R"({"$ref":"#/$defs/kind"})", "kind of the fact"},
    KeyRule{"name", false, schema_text, "what an extending profile calls this put; default: the kind"},
    KeyRule{"when", false, schema_condition, "the put is made only when it holds"},
    KeyRule{"for_each", false, schema_text, "made once for each element of this list"},
    KeyRule{"split", false, schema_text, "what separates the elements where that is one text; empty: nothing"},
    KeyRule{"id", false, schema_expression, "the fact's id, without the source's prefix"},
    KeyRule{"version", false, schema_expression, "when the source last changed it"},
    KeyRule{"stub", false, schema_flag, "only makes sure that the id exists"},
    KeyRule{"set", false, schema_expressions, "fields of the kind"},
    KeyRule{"defaults", false,
            R"({"type":"object","additionalProperties":{"type":["string","number","boolean","null"]}})",
            "constants for fields without a value"},
    KeyRule{"own", false, schema_expressions, "own columns"},
};

// Keys that only a put of an extending profile may have.
inline constexpr std::array overlay_keys{
    KeyRule{"drop", false, schema_flag, "removes the put of this name"},
    KeyRule{"over", false, schema_flag, "lays this put over the one of this name"},
};

struct OperatorRule {
  std::string_view name;
  Operator op;
  std::string_view operand;  // JSON Schema
  std::array<std::string_view, 5> options;
  std::string_view meaning;
};

inline constexpr std::string_view schema_parts =
    R"({"type":"array","minItems":1,"items":{"$ref":"#/$defs/expression"}})";

inline constexpr std::array operators{
    OperatorRule{"column", Operator::column, schema_text, {"empty", "day"}, "a column of the record"},
    OperatorRule{"const", Operator::constant, schema_constant, {}, "always this value"},
    OperatorRule{"concat", Operator::concat, schema_parts, {"sep", "all"}, "the parts joined"},
    OperatorRule{"slug", Operator::slug, schema_expression, {}, "small letters, digits and hyphens out of a text"},
    OperatorRule{"map", Operator::map, schema_expression, {"with", "else"}, "what a map gives for the value"},
    OperatorRule{"coalesce", Operator::coalesce, schema_parts, {}, "the first part that has a value"},
    OperatorRule{"date", Operator::date, schema_expression, {"format", "zone"}, "the day"},
    OperatorRule{"time", Operator::time, schema_expression, {"format", "zone"}, "the moment"},
    OperatorRule{"money",
                 Operator::money,
                 schema_expression,
                 {"unit", "currency", "decimal", "group", "round"},
                 "an exact amount"},
    OperatorRule{"number", Operator::number, schema_expression, {"decimal", "group", "round"}, "an exact number"},
    OperatorRule{"mul", Operator::mul, schema_parts, {"round"}, "the exact product"},
    OperatorRule{"add", Operator::add, schema_parts, {"round"}, "the exact sum"},
};

// Options of expressions, by name.
inline constexpr std::array option_keys{
    KeyRule{"empty", false, schema_texts, "more texts that mean no value"},
    KeyRule{"day", false, schema_flag, "the day that is written, whatever the time of day and offset"},
    KeyRule{"sep", false, schema_text, "between the parts"},
    KeyRule{"all", false, schema_flag, "one missing part makes it null"},
    KeyRule{
        "with", true,
        R"({"anyOf":[{"type":"string"},{"type":"object","additionalProperties":{"type":["string","number","boolean","null"]}}]})",
        "a map or the name of one"},
    KeyRule{"else", false, schema_expression, "for values that the map does not have"},
    KeyRule{"format", false, schema_texts, "time formats, tried in order"},
    KeyRule{"zone", false, R"({"type":"string","pattern":"^(UTC|trail|[+-][0-9]{2}:[0-9]{2})$"})",
            "zone of times without an offset"},
    KeyRule{"unit", false, R"({"enum":["major","minor","micro"]})", "roubles, kopecks or millionths of a rouble"},
    KeyRule{"round", false, R"({"type":"integer","minimum":0,"maximum":9})",
            "digits after the point to round to, half to even"},
    KeyRule{"currency", false, schema_expression, "of minor units"},
    KeyRule{"decimal", false, R"({"type":"string","minLength":1,"maxLength":1})", "the decimal mark"},
    KeyRule{"group", false, R"({"type":"string","maxLength":1})", "what separates thousands"},
    KeyRule{"when", false, schema_condition, "no value unless it holds"},
    KeyRule{"prefix", false, R"({"anyOf":[{"const":false},{"type":"string"}]})",
            "of an id or link, instead of the source's"},
};

}  // namespace dealtrail::detail

// SP.5: tables as HTML.
#include "dealtrail/table/html.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dealtrail {
namespace {

TEST(HtmlTest, OneRowPerRowNumbersToTheRight) {
  TableBuilder builder;
  builder.text("key").append_text("tg");
  builder.money("cost", RUB).append_minor(120'450'000);
  builder.integer("came").append_null();
  EXPECT_EQ(to_html(builder.finish()),
            "<table class=\"dealtrail\">\n"
            "<thead><tr><th style=\"text-align:left\">key</th><th style=\"text-align:right\">cost</th>"
            "<th style=\"text-align:right\">came</th></tr></thead>\n"
            "<tbody>\n"
            "<tr><td style=\"text-align:left\">tg</td><td style=\"text-align:right\">1 204 500.00</td>"
            "<td style=\"text-align:right\">–</td></tr>\n"
            "</tbody>\n"
            "</table>\n");
}

TEST(HtmlTest, HostileTextIsEscaped) {
  TableBuilder builder;
  ColumnBuilder& name = builder.text("<b onload=\"x\">");
  name.append_text("<script>alert('1') & more</script>");
  name.append_text("\xFF\x1B broken");
  const std::string html = to_html(builder.finish());
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<b "), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(&#39;1&#39;) &amp; more&lt;/script&gt;"), std::string::npos) << html;
  EXPECT_NE(html.find("&lt;b onload=&quot;x&quot;&gt;"), std::string::npos) << html;
  EXPECT_NE(html.find("\xEF\xBF\xBD\xEF\xBF\xBD broken"), std::string::npos) << html;
  EXPECT_NE(to_html(Table{}, {.null_text = "<"}).find("</table>"), std::string::npos);
}

TEST(HtmlTest, NullTextIsEscapedToo) {
  TableBuilder builder;
  builder.text("a").append_null();
  EXPECT_NE(to_html(builder.finish(), {.null_text = "<none>"}).find("&lt;none&gt;"), std::string::npos);
}

TEST(HtmlTest, LeavesOutRowsAndSaysSo) {
  TableBuilder builder;
  ColumnBuilder& n = builder.integer("n");
  for (int i = 0; i < 60; ++i) n.append_integer(i);
  const Table table = builder.finish();
  EXPECT_NE(to_html(table).find("<p>... 10 more</p>\n"), std::string::npos);
  EXPECT_EQ(to_html(table, {.max_rows = 60}).find("more"), std::string::npos);
}

}  // namespace
}  // namespace dealtrail

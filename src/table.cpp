// The bodies of room table, compiled once for dealtrail::compiled.
#include <dealtrail/table/detail/column.ipp>
#include <dealtrail/table/detail/csv.ipp>
#include <dealtrail/table/detail/datum_text.ipp>
#include <dealtrail/table/detail/html.ipp>
#include <dealtrail/table/detail/json.ipp>
#include <dealtrail/table/detail/row_problems.ipp>
#include <dealtrail/table/detail/schema.ipp>
#include <dealtrail/table/detail/stream.ipp>
#include <dealtrail/table/detail/table.ipp>
#include <dealtrail/table/detail/text.ipp>

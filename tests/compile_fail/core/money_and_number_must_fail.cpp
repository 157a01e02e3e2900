// expects: no match for .*operator\+|invalid operands to binary expression
#include <dealtrail/core/money.hpp>

// A bare number has no currency, so it cannot be added to an amount.
dealtrail::Money with_fee(const dealtrail::Money& price) { return price + 5; }

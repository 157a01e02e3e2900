#include <dealtrail/core/money.hpp>

dealtrail::Money with_fee(const dealtrail::Money& price) { return price + dealtrail::Money{5, price.currency}; }

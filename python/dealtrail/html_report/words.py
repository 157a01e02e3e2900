"""What the report says, in Russian and in English."""

from __future__ import annotations

from typing import Literal

Lang = Literal["ru", "en"]

MONTHS: dict[str, tuple[str, ...]] = {
    "ru": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
        *("November", "December"),
    ),
}
SHORT_MONTHS: dict[str, tuple[str, ...]] = {
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
CURRENCIES = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "GBP": "£", "BYN": "Br"}

#: Key: (Russian, English).
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Каналы: от расходов до сделок", "Channels: from money spent to deals"),
    "as_of": ("Данные на", "Figures as of"),
    "no_date": ("В данных нет ни одного датированного события", "Nothing in the data is dated"),
    "zone": ("часовой пояс", "time zone"),
    "vat_gross": ("суммы с НДС", "amounts with VAT"),
    "vat_net": ("суммы без НДС", "amounts without VAT"),
    "theme": ("Тема", "Theme"),
    "print": ("Печать", "Print"),
    "period": ("Период", "Period"),
    "channel": ("Канал", "Channel"),
    "brand": ("Бренд", "Brand"),
    "manager": ("Менеджер", "Manager"),
    "event": ("Мероприятие", "Event"),
    "month": ("Месяц", "Month"),
    "all": ("все", "all"),
    "million": ("млн", "M"),
    "all_other": ("остальные", "others"),
    "all_time": ("всё время", "all time"),
    "reset": ("Сбросить", "Reset"),
    "years": ("Годы", "Years"),
    "quarters": ("Кварталы", "Quarters"),
    "months": ("Месяцы", "Months"),
    "quarter": ("{q} квартал {year}", "Q{q} {year}"),
    "unattributed": ("не привязано", "unattributed"),
    "undated": ("без даты", "undated"),
    "total": ("Всего", "Total"),
    "filtered": ("по фильтрам", "follows the filters"),
    "whole": ("целиком, без фильтров", "shown whole, filters do not apply"),
    "whole_why": (
        "Эти цифры нельзя складывать по месяцам и каналам, поэтому фильтры на них не действуют.",
        "These figures do not add up over months and channels, so filters do not apply to them.",
    ),
    "filter_note": (
        "Расходы и гости привязаны к каналу, а к бренду и менеджеру — только если это сказано в данных: ноль расходов "
        "здесь не значит, что сделки ничего не стоили. Остальное — в «не привязано».",
        "Costs and guests belong to a channel, to a brand or manager only where the data say so: a cost of zero here "
        "does not mean that deals cost nothing. The rest is in “unattributed”.",
    ),
    "summary": ("Итог", "In short"),
    "changed": ("Что изменилось", "What changed"),
    "changed_note": (
        "Последний полный месяц, {now}, и месяц перед ним, {before}. Расходы стоят в месяце выхода анонса, гости — "
        "в месяце мероприятия, поэтому цену пришедшего смотрите за весь период.",
        "The last full month, {now}, and the one before it, {before}. Costs stand in the month of the announcement, "
        "guests in that of the event, so look at the cost per guest over all time.",
    ),
    "changed_none": ("Полного месяца с данными ещё нет.", "There is no full month with data yet."),
    "figure": ("Показатель", "Figure"),
    "was": ("Было", "Before"),
    "became": ("Стало", "After"),
    "change": ("Изменение", "Change"),
    "movers": ("Какие каналы дали изменение", "Which channels made the change"),
    "facts": ("Крупнейшие факты изменения", "The largest facts behind the change"),
    "fact": ("Факт", "Fact"),
    "brief_came": (
        "Пришло гостей за {month}: {came} ({came_change} к прошлому месяцу).",
        "Guests who came in {month}: {came} ({came_change} on the month before).",
    ),
    "brief_won": (
        "Потрачено {cost} ({cost_change}). Выиграно сделок: {won} ({won_change}) на {amount}.",
        "Spent: {cost} ({cost_change}). Deals won: {won} ({won_change}), worth {amount}.",
    ),
    "brief_best": (
        "Один пришедший за всё время дешевле всего: {channel}, {price}; дороже всего: {worst}, {worst_price}.",
        "One guest over all time: cheapest from {channel}, {price}; dearest from {worst}, {worst_price}.",
    ),
    "brief_soon": (
        "Впереди {event}, {date}: регистраций {registrations}, гостей ждём {guests}, цель {goal}.",
        "Next is {event}, {date}: {registrations} registrations, {guests} guests expected, the goal is {goal}.",
    ),
    "cancelled": ("отменено", "cancelled"),
    "points": ("п.\u00a0п.", "pp"),
    "funnel": ("Воронка: от приглашения до выигранной сделки", "Funnel: from the invitation to a deal won"),
    "funnel_note": (
        "Гости по шагам и доля от всех гостей мероприятия, включая приглашённых и пришедших без регистрации. "
        "«В работе» — сумма открытых сделок.",
        "Guests step by step, with the share of all guests of the event, invited ones and walk-ins among them. “Open” "
        "is the amount of open deals.",
    ),
    "invited": ("Приглашены", "Invited"),
    "registered": ("Регистрации", "Registered"),
    "came_step": ("Пришли", "Came"),
    "interested": ("Интерес", "Interested"),
    "deal_guests": ("Гости со сделкой", "With a deal"),
    "won_guests": ("С выигранной", "With one won"),
    "amount_open": ("В работе", "Open"),
    "exits": ("Кому позвонить после: {event}, {date}", "Whom to call after: {event}, {date}"),
    "exits_note": (
        "Гости последнего прошедшего мероприятия, по спискам и менеджерам; один гость бывает в нескольких списках. "
        "Имён в этом файле нет, они в команде: dealtrail exits FILE --event {key}",
        "Guests of the last event that is over, by list and manager; a guest may be on several lists. Names are not in "
        "this file; they are in: dealtrail exits FILE --event {key}",
    ),
    "did_not_come": ("Не пришли", "Did not come"),
    "no_follow_up": ("Пришли, но нет ни в одном списке", "Came, on no follow-up list"),
    "no_contact": ("Пришли, никто не связался", "Came, nobody in touch since"),
    "no_offer": ("Интерес есть, предложения нет", "Interested, no offer sent"),
    "overdue": ("Обещано и просрочено", "Promised and overdue"),
    "no_manager": ("без менеджера", "no manager"),
    "soon": ("Впереди", "To come"),
    "soon_note": (
        "Регистрации против прошлых выпусков в тот же срок до начала; в скобках — от и до.",
        "Registrations against past editions at the same time before the start; the range in brackets.",
    ),
    "days_to_go": ("Дней до начала", "Days to go"),
    "past_median": ("У прошлых к этому дню", "Past ones by then"),
    "expected_guests": ("Ждём гостей", "Guests expected"),
    "missing_registrations": ("Не хватит регистраций", "Registrations missing"),
    "channels": ("Каналы", "Channels"),
    "channels_note": (
        "Нажмите на заголовок столбца, чтобы упорядочить; на цену пришедшего — чтобы увидеть, из чего она сложилась. "
        "«Молодые» — анонсы, по которым цифры ещё могут вырасти.",
        "Click a heading to sort, a cost per guest to see what it is made of. “Young” are announcements whose figures "
        "may still grow.",
    ),
    "rows": ("Строки", "Rows"),
    "price_chart": ("Цена одного пришедшего по каналам", "Cost of one guest by channel"),
    "trace": ("Из чего сложилась цена пришедшего", "What the cost per guest is made of"),
    "trace_note": (
        "За всё время, целиком: каждый расход канала и пришедшие по мероприятиям. Части складываются в цифру точно. "
        "В скобках вычтено то, что пришлось на мероприятия, где приходы не отмечали.",
        "All time, shown whole: each cost of the channel, and guests by event. The parts add up exactly. What "
        "reached events at which nobody noted who came is taken off in brackets.",
    ),
    "trace_rest": ("ещё {count}", "{count} more"),
    "traces_rest": ("Ещё каналов с расходами: {count}.", "{count} more channels with a cost."),
    "apart": (
        "Расходы и гости разных месяцев: больше десятой части расходов этого периода — на мероприятия, чьи гости не в "
        "нём, или у десятой части гостей расходы не в нём",
        "Cost and guests of different months: more than a tenth of the cost of this period is for events whose guests "
        "are not in it, or more than a tenth of its guests were paid for outside of it",
    ),
    "terms": ("Что значат слова", "What the words mean"),
    "first_of": ("первые {shown} из {all}", "the first {shown} of {all}"),
    "announcements_over_time": ("Анонсы во времени", "Announcements over time"),
    "announcements_chart": ("Вышло анонсов по месяцам", "Announcements out, by month"),
    "money_chart": ("Расходы и выигранные сделки по месяцам", "Cost and deals won, by month"),
    "months_table": ("Таблица по месяцам", "Table by month"),
    "events": ("Мероприятия", "Events"),
    "events_note": (
        "В цене пришедшего на мероприятие — весь день: продвижение и расходы самого мероприятия.",
        "Cost per guest of an event is the whole day: promotion and the event's own costs.",
    ),
    "date": ("Дата", "Date"),
    "goals_note": ("Цели мероприятий и факт.", "Goals of events beside the facts."),
    "goal": ("Цель", "Goal"),
    "is": ("Факт", "Fact"),
    "missing": ("Не хватает", "Missing"),
    "done": ("Выполнено", "Done"),
    "people": ("Люди", "People"),
    "people_chart": ("Новые и вернувшиеся гости по месяцам", "New and returning guests, by month"),
    "new": ("Новые", "New"),
    "returning": ("Вернувшиеся", "Returning"),
    "came_new": ("Из пришедших впервые", "Of them for the first time"),
    "new_by_event": ("Новые лица по мероприятиям", "New faces by event"),
    "attribution": ("Вклад каналов", "Credit of channels"),
    "credit_note": (
        "В разделе «Каналы» сделка целиком у одного источника. Здесь она делится между всеми касаниями человека за "
        "{days} дней до неё, шестью способами. Точки рядом — ответ твёрдый; далеко друг от друга — он зависит от "
        "способа, и судить о канале по одному из них рано.",
        "In “Channels” a deal belongs to one source. Here it is divided among all touches of the person within {days} "
        "days before it, in six ways. Dots that are close are a firm answer; where they lie apart the answer depends "
        "on the way, and a channel should not be judged by one of them.",
    ),
    "credit_none": (
        "Ни одна сделка и ни один приход не случились после касаний: делить нечего.",
        "No deal and no arrival came after touches: there is nothing to divide.",
    ),
    "goal_pick": ("За что благодарим", "Credit for"),
    "goal_won": ("Выигранные сделки", "Deals won"),
    "goal_deal_created": ("Созданные сделки", "Deals created"),
    "goal_attended": ("Пришедшие гости", "Guests who came"),
    "credit_counted": (
        "Всего {reached}. Поделены {with_touches}, у которых были касания; у {without} их нет, и приписать их некому.",
        "{reached} in all. Divided are the {with_touches} with touches; {without} have none, and belong to nobody.",
    ),
    "credit_leader": (
        "Больше всего даёт {channel}, как ни считай: от {low} ({low_model}) до {high} ({high_model}).",
        "{channel} gives most, whichever way one counts: from {low} ({low_model}) to {high} ({high_model}).",
    ),
    "credit_leaders": (
        "Чаще всех начинает {first} ({first_share} по первому касанию), закрывает {last} ({last_share} по последнему).",
        "{first} begins most often ({first_share} by first touch), {last} closes ({last_share} by last touch).",
    ),
    "credit_apart": (
        "Сильнее всего способы расходятся о канале {channel}: {low} ({low_model}) и {high} ({high_model}).",
        "The ways differ most about {channel}: {low} ({low_model}) and {high} ({high_model}).",
    ),
    "credit_helper": (
        "{channel} слаб по последнему касанию, но помогает: закрыл {closed}, а ещё {assisted} через него прошли, и "
        "закрыл их другой канал.",
        "{channel} is weak by last touch, but it helps: it closed {closed}, and {assisted} more came by way of it and "
        "were closed by another channel.",
    ),
    "credit_sure": (
        "Данных хватает, чтобы судить о каналах: {sure} из {all}; у остальных доли примерные.",
        "There is enough data to judge {sure} of {all} channels; the shares of the others are rough.",
    ),
    "by_first_touch": ("по первому касанию", "by first touch"),
    "by_last_touch": ("по последнему касанию", "by last touch"),
    "by_linear": ("поровну", "linear"),
    "by_position_based": ("по позиции", "by position"),
    "by_markov": ("по Маркову", "by Markov"),
    "by_shapley": ("по Шепли", "by Shapley"),
    "first_touch": ("Первое касание", "First touch"),
    "last_touch": ("Последнее касание", "Last touch"),
    "linear": ("Поровну", "Linear"),
    "position_based": ("По позиции", "By position"),
    "markov": ("Марков", "Markov"),
    "shapley": ("Шепли", "Shapley"),
    "models_what": ("Что значат эти способы", "What these ways mean"),
    "first_touch_what": ("всё тому, кто привёл", "all to the one who brought the person"),
    "last_touch_what": ("всё тому, кто был последним", "all to the one who was last"),
    "linear_what": ("каждому касанию одинаково", "the same to each touch"),
    "position_based_what": (
        "40 % первому, 40 % последнему, остальным 20 % поровну",
        "40% to the first, 40% to the last, 20% to the others in equal parts",
    ),
    "markov_what": (
        "сколько пропало бы, если убрать канал; учтены и пути, которые ничем не кончились",
        "what would be lost without the channel; ways that led to nothing count, too",
    ),
    "shapley_what": (
        "каждому каналу пути поровну, сколько бы раз он ни встретился",
        "the same to each channel of the way, however often it came",
    ),
    "credit_chart": ("Доля канала по каждому способу", "Share of the channel in each way"),
    "roles_chart": (
        "Какую роль играет канал (число — сколько закрыл)",
        "The part that a channel plays (the number: how many it closed)",
    ),
    "credit_table": ("Доли по способам", "Shares by way of counting"),
    "credit_table_note": (
        "Мелко — границы, в которых доля лежит с вероятностью 90 %. Знак ≈ и серый цвет: данных мало, на эту цифру "
        "полагаться рано.",
        "In small print: where the share lies with 90% confidence. The sign ≈ and grey: too little data to rely on it.",
    ),
    "converting": ("Участвовал", "Took part"),
    "few": ("данных мало", "too little data"),
    "share": ("Доля", "Share"),
    "model": ("Способ", "Way"),
    "interval": ("Интервал 90 %", "90% interval"),
    "credited": ("Приписано", "Credited"),
    "credited_value": ("На сумму", "Worth"),
    "price_each": ("Цена одной", "Cost of one"),
    "money_table": ("Суммы по способам", "Amounts by way of counting"),
    "roles": ("Кто начинает, кто помогает, кто закрывает", "Who begins, who helps, who closes"),
    "roles_note": (
        "«Помог»: канал был в пути, а последним стал другой. Канал, который помогает чаще, чем закрывает, по "
        "последнему касанию выглядит слабым: прежде чем отключать его, прочтите его пути.",
        "“Assisted”: the channel was on the way, and another one was last. A channel that assists more than it closes "
        "looks weak by last touch: read its ways before it is stopped.",
    ),
    "only": ("Единственный", "The only one"),
    "first_part": ("Начал", "Began"),
    "middle": ("В середине", "In the middle"),
    "last": ("Закрыл после других", "Closed after others"),
    "assisted": ("Помог", "Assisted"),
    "closed": ("Закрыл всего", "Closed in all"),
    "assisted_per_closed": ("Помог на одну закрытую", "Assisted per closed"),
    "assisted_value": ("Помог на сумму", "Assisted, worth"),
    "ways": (
        "Пути, на которых канал помог, а закрыл другой",
        "Ways on which a channel assisted and another one closed",
    ),
    "ways_of": ("помог: {assisted}, закрыл: {closed}", "assisted: {assisted}, closed: {closed}"),
    "ways_rest": ("другими путями · {count}", "other ways · {count}"),
    "paths_rest": ("остальные пути", "other ways"),
    "paths": ("Самые частые пути", "The most frequent ways"),
    "paths_note": (
        "Касания человека по порядку; повтор подряд — одной записью. «Прошли» — сколько людей шло так, «дошли» — у "
        "скольких из них получилось.",
        "Touches of a person in order; a channel that comes again is written once, with how often. “Converted” tells "
        "how many of the people who went this way got there.",
    ),
    "lengths": ("Сколько касаний нужно", "How many touches it takes"),
    "touches_count": ("Касаний", "Touches"),
    "touches_more": ("{n} и больше", "{n} or more"),
    "lags": ("Сколько дней проходит от первого касания", "How many days it takes from the first touch"),
    "lag_half": (
        "Половина — за {half} дн., девять из десяти — за {most} дн. Раньше о канале судить рано.",
        "Half of them within {half} days, nine of ten within {most}. Before that it is too early to judge a channel.",
    ),
    "days": ("Дней", "Days"),
    "days_more": ("{n} и больше", "{n} or more"),
    "so_far": ("Накоплено", "So far"),
    "path": ("Путь", "Path"),
    "journeys": ("Прошли", "Journeys"),
    "no_touches": ("ни одного касания", "no touch at all"),
    "arrived": ("Дошли", "Converted"),
    "won_part": ("Доля дошедших", "Conversion rate"),
    "share_new": ("Доля новых", "Share of new"),
    "quality": ("Качество данных", "Data quality"),
    "quality_note": (
        "Что в данных выглядит неверным и как исправить. Пока не исправлено, цифры считаются так, как сказано.",
        "What looks wrong in the data and how to mend it.",
    ),
    "left_out_all": (
        "Похоже, валюта не та: суммы не посчитаны, потому что они не в {currency}",
        "The currency seems to be wrong: amounts are not counted, because they are not in {currency}",
    ),
    "left_out_some": (
        "Часть сумм не вошла ни в одну цифру: они не в {currency}, а курса нет",
        "Some amounts are in no figure: they are not in {currency}, and there is no rate",
    ),
    "left_out_of": ("{kind}: {count} из {all}, валюта {currencies}", "{kind}: {count} of {all}, currency {currencies}"),
    "left_out_all_cure": (
        "Прочерк вместо денег в этом отчёте — из-за этого. Если все суммы в одной валюте, соберите файл заново: "
        "dealtrail load … --currency {one}. Если нет, загрузите курсы (exchange_rates).",
        "A dash instead of money in this report comes of it. If all amounts are in one currency, make the file anew: "
        "dealtrail load … --currency {one}. If not, load rates (exchange_rates).",
    ),
    "left_out_some_cure": (
        "Загрузите курсы (exchange_rates) на эти даты, и суммы появятся.",
        "Load rates (exchange_rates) that hold at these dates, and the amounts will be there.",
    ),
    "quality_none": ("Замечаний нет.", "Nothing looks wrong."),
    "grade": ("Важность", "Grade"),
    "finding": ("Что не так", "What is wrong"),
    "where": ("Где", "Where"),
    "count": ("Сколько", "How many"),
    "first": ("Первые", "First"),
    "hint": ("Что делать", "What to do"),
    "error": ("ошибка", "error"),
    "warning": ("внимание", "warning"),
    "info": ("к сведению", "note"),
    "how": ("Как посчитано", "How it is counted"),
    "how_text": (
        "Каждая цифра — сумма частей по фактам; цены и доли делятся после сложения. Прочерк — "
        "нет значения, это не ноль. Слова объясняет глоссарий документации dealtrail. "
        "Вычислено библиотекой dealtrail {version}; страница только складывает целые числа и делит.",
        "Each figure is a sum of parts by facts; costs per something and shares are divided after adding. A dash is no "
        "value, not zero. The glossary in the documentation of dealtrail explains the words. Figures by dealtrail "
        "{version}; the page only adds whole numbers and divides.",
    ),
    "view": ("исходы сделок", "outcomes of deals"),
    "marketing": ("глазами маркетинга", "as marketing sees them"),
    "finance": ("глазами финансов", "as finance sees them"),
    "no_script": (
        "Фильтры и графики работают, если в браузере включены скрипты; таблицы видны и так.",
        "Filters and charts need scripts; the tables are here without them.",
    ),
}

#: Titles of figures: (Russian, English).
FIGURES: dict[str, tuple[str, str]] = {
    "announcements": ("Анонсы", "Announcements"),
    "cost": ("Расходы", "Cost"),
    "leads": ("Лиды", "Leads"),
    "registrations": ("Регистрации", "Registrations"),
    "came": ("Пришли", "Came"),
    "attended": ("Пришли по регистрации", "Attended"),
    "walk_ins": ("Пришли без регистрации", "Walk-ins"),
    "new_faces": ("Новые лица", "New faces"),
    "deals": ("Сделки", "Deals"),
    "won": ("Выиграно", "Won"),
    "new_customers": ("Новые клиенты", "New customers"),
    "amount_won": ("Сумма выигранных", "Amount won"),
    "margin": ("Маржа", "Margin"),
    "cost_per_registration": ("Цена регистрации", "Cost per registration"),
    "cost_per_attendee": ("Цена пришедшего", "Cost per guest"),
    "cost_per_deal": ("Цена сделки", "Cost per deal"),
    "cac": ("Цена нового клиента", "Cost per new customer"),
    "show_rate": ("Доходимость", "Show rate"),
    "roi_revenue": ("ROI по выручке", "ROI on revenue"),
    "roi_margin": ("ROI по марже", "ROI on margin"),
    "open": ("Молодые", "Young"),
}

#: Kinds of facts that a reader meets: (Russian, English).
KINDS: dict[str, tuple[str, str]] = {
    "channels": ("канал", "channel"),
    "events": ("мероприятие", "event"),
    "announcements": ("анонс", "announcement"),
    "invoices": ("счёт", "invoice"),
    "invoice_lines": ("строка счёта", "invoice line"),
    "costs": ("расход", "cost"),
    "people": ("человек", "person"),
    "companies": ("компания", "company"),
    "registrations": ("регистрация", "registration"),
    "attendances": ("приход", "arrival"),
    "leads": ("лид", "lead"),
    "deals": ("сделка", "deal"),
    "moves": ("переход", "move"),
    "signals": ("сигнал", "signal"),
    "activities": ("дело", "activity"),
    "touches": ("касание", "touch"),
    "payments": ("платёж", "payment"),
    "partners": ("партнёр", "partner"),
    "source_keys": ("ключ источника", "source key"),
    "journeys": ("путь клиента", "journey"),
}


def words(lang: Lang) -> dict[str, str]:
    """Give every text of the page in one language."""
    return {key: both[0 if lang == "ru" else 1] for key, both in _WORDS.items()}


def figure_words(lang: Lang) -> dict[str, str]:
    """Give the titles of figures in one language."""
    return {key: both[0 if lang == "ru" else 1] for key, both in FIGURES.items()}


def kind_word(kind: str, lang: Lang) -> str:
    """Give the word for a kind of fact."""
    both = KINDS.get(kind)
    return kind if both is None else both[0 if lang == "ru" else 1]

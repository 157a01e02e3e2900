"""What the words of the report mean, in Russian and in English: shown where a word is pointed at, and at its end."""

from __future__ import annotations

from dealtrail.html_report.words import Lang

#: Figure or key: (Russian, English).
_DEFINITIONS: dict[str, tuple[str, str]] = {
    "announcements": ("Сколько анонсов вышло", "How many announcements went out"),
    "cost": (
        "Утверждённые счета и прочие расходы, которые относятся к строке",
        "Approved invoices and other costs that reach the row",
    ),
    "registrations": (
        "Регистрации: человек на мероприятие считается один раз",
        "Registrations: a person counts once for an event",
    ),
    "came": (
        "Пришедшие по регистрации и без неё вместе",
        "Guests who came, with a registration and without one together",
    ),
    "show_rate": (
        "Доходимость: доля регистраций на прошедшие мероприятия, где отмечали приходы, по которым гость пришёл. "
        "Пришедшие без регистрации в неё не входят",
        "The share of registrations for events that are over, with attendance, whose guest came. Walk-ins are not in "
        "it",
    ),
    "new_faces": (
        "Известные люди, которые пришли впервые на какое-либо мероприятие",
        "Known people who came to any event for the first time",
    ),
    "deals": ("Созданные сделки, рекламации не считаются", "Deals created; claims do not count"),
    "won": ("Выигранные сделки: исход, каким его видят здесь", "Deals won, as outcomes are seen here"),
    "new_customers": (
        "Первая выигранная сделка компании, а без компании — человека",
        "The first deal won of a company, without a company of a person",
    ),
    "amount_won": ("Сумма выигранных сделок", "The amount of the deals won"),
    "cost_per_attendee": (
        "Расходы, делённые на пришедших по регистрации и без неё; без мероприятий, где приходы не отмечали",
        "Cost divided by guests who came, with a registration and without one; without events of no attendance",
    ),
    "cac": (
        "Расходы, делённые на новых клиентов: первую выигранную сделку компании или человека",
        "Cost divided by new customers: the first deal won of a company or person",
    ),
    "roi_revenue": (
        "(Сумма выигранных − расходы) ÷ расходы",
        "(Amount won − cost) ÷ cost",
    ),
    "open": (
        "Анонсы моложе срока, за который цифры ещё могут вырасти",
        "Announcements so young that their figures may still grow",
    ),
    "unattributed": (
        "Источник не известен: у факта нет ни ссылки на анонс или канал, ни метки, которую знает ключ. Строка есть, "
        "чтобы части складывались в итог",
        "Without a source: the fact has no link to an announcement or channel, and no tag that a key knows. The row is "
        "there so that parts add up to the total",
    ),
}


def definitions(lang: Lang) -> dict[str, str]:
    """Give what each word means in one language."""
    return {key: both[0 if lang == "ru" else 1] for key, both in _DEFINITIONS.items()}

"""A report as a browser shows it, with everything that went wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Opened:
    page: Page
    said: list[str] = field(default_factory=list)

    def trouble(self) -> list[str]:
        """Messages of the console, errors, dialogs, requests, and what the security policy stopped."""
        return self.said + self.page.evaluate("window.broken")

    def choose(self, **filters: str) -> None:
        """Pick values of filters as a reader does."""
        for name, value in filters.items():
            self.page.select_option(f"#filter-{name}", value)

    def table(self, id_: str) -> dict[str, list[str]]:
        """Give the cells of a table by the key of the row."""
        rows: dict[str, list[str]] = self.page.evaluate(
            """(id) => {
                const texts = (row) => [...row.querySelectorAll("td:not(.day)")].map((cell) => cell.textContent);
                const rows = document.querySelectorAll(`#${id} tbody tr, #${id} tfoot tr`);
                return Object.fromEntries([...rows].map((row) => [row.dataset.key, texts(row)]));
            }""",
            id_,
        )
        return rows


def opened(browser: Browser, file: Path, **options: Any) -> Opened:
    """Open a file without a network and wait until it is drawn."""
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    shown = Opened(page)
    page.add_init_script(WATCH)
    page.on("console", lambda message: shown.said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: shown.said.append(f"error: {error}"))

    def dialog(one: Any) -> None:
        shown.said.append(f"dialog: {one.message}")
        one.dismiss()

    page.on("dialog", dialog)
    address = file.as_uri()
    page.on("request", lambda request: request.url != address and shown.said.append(f"request: {request.url}"))
    page.goto(address)
    page.wait_for_selector("body[data-drawn]", timeout=60_000)
    return shown

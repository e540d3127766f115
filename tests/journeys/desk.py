"""An operator without scripts: opens pages, fills in the forms that are on them, presses their buttons."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from lxml import html

from tests.admin.people import owner


@dataclass
class Sheet:
    """A page that came back, with the forms on it."""

    client: Client
    response: Any

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def address(self) -> str:
        return str(self.response.request["PATH_INFO"])

    @property
    def text(self) -> str:
        return str(self.response.content.decode())

    @property
    def words(self) -> str:
        """What is written in its main part, in one line."""
        tree = html.fromstring(self.text)
        main = next(iter(tree.xpath("//main")), tree)
        return " ".join(main.text_content().split())

    @property
    def marks(self) -> list[str]:
        """The tags on it, such as a state."""
        found = html.fromstring(self.text).xpath("//*[@class='tag' or starts-with(@class, 'tag ')]")
        return [" ".join(one.text_content().split()) for one in found]

    def form(self, action: str, *, holding: str = "", button: tuple[str, str] | None = None) -> Any:
        """The form that is posted to an address that ends so. It must be there.

        `holding`: with a field or button of this value; `button`: with a button of this name and value.
        """
        forms = [one for one in html.fromstring(self.text).forms if one.method == "POST"]
        forms = [one for one in forms if (one.action or self.address).endswith(action)]
        if holding:
            forms = [one for one in forms if one.xpath(".//*[@value=$wanted]", wanted=holding)]
        if button:
            named = ".//button[@name=$name and @value=$value]"
            forms = [one for one in forms if one.xpath(named, name=button[0], value=button[1])]
        assert forms, f"{self.address} has no form for {action} {holding} {button}: {self.words[:1500]}"
        return forms[0]

    def press(
        self, action: str, *, holding: str = "", button: tuple[str, str] | None = None, **typed: object
    ) -> "Sheet":
        """Fill in what is typed, leave the rest as it is shown, press a button, follow where it leads."""
        form = self.form(action, holding=holding, button=button)
        unknown = typed.keys() - set(form.fields.keys())
        assert not unknown, f"{self.address} does not ask for {unknown}"
        sent: dict[str, Any] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        sent |= typed | (dict([button]) if button else {})
        return Sheet(self.client, self.client.post(form.action or self.address, sent, follow=True))


@dataclass
class Desk:
    """A browser in which somebody who may do everything is signed in."""

    client: Client

    def open(self, address: str) -> Sheet:
        """A page; it is there."""
        found = Sheet(self.client, self.client.get(address, follow=True))
        assert found.status == 200, (address, found.status, found.text[:2000])
        return found

    def file(self, address: str, **asked: object) -> bytes:
        """What is printed; posted for when something is asked."""
        answer = self.client.post(address, asked) if asked else self.client.get(address)
        if answer.status_code in (302, 303):
            answer = self.client.get(answer["Location"])
        assert answer.status_code == 200, (address, answer.status_code)
        return b"".join(answer.streaming_content) if answer.streaming else answer.content


def a_desk() -> Desk:
    return Desk(owner())

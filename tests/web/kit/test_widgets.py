"""The fields of forms: what they are drawn with is made once, not for every field."""

from __future__ import annotations

from django.forms.renderers import get_default_renderer

from tongke.web.kit.widgets import KitRenderer


def test_a_template_of_a_field_is_read_once() -> None:
    """A form of twenty fields would otherwise build twenty engines and read every template twenty times."""
    renderer = get_default_renderer()
    assert isinstance(renderer, KitRenderer)
    first, again = (renderer.get_template("django/forms/widgets/text.html") for _field in range(2))
    assert first.template is again.template

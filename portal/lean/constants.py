"""What is the same each time in one language is drawn once for it: texts of the program, icons, marks; addresses."""

# mypy: disable-error-code="union-attr, override, attr-defined, arg-type, misc"
# The stubs say of a node what may stand there before it is parsed

from functools import cached_property
from typing import Any

from django.template.defaulttags import URLNode
from django.template.library import SimpleNode
from django.templatetags.i18n import LanguageNode, TranslateNode

from portal.addresses import drawn_address
from portal.lean.expressions import is_constant

MOST_KEPT = 200  # by one tag of a template


class LeanTranslate(TranslateNode):
    """A text of the program is looked up once for each language."""

    def render(self, context: Any) -> str:
        if self._varies or not context.autoescape:
            return super().render(context)
        texts, language = self._texts, context.language
        if language not in texts:
            texts[language] = self._looked_up(context)
        if not self.asvar:
            return texts[language]
        context.dicts[-1][self.asvar] = texts[language]
        return ""

    def _looked_up(self, context: Any) -> str:
        drawn = super().render(context)
        return context.dicts[-1][self.asvar] if self.asvar else drawn

    @cached_property
    def _texts(self) -> dict[str | None, str]:
        return {}

    @cached_property
    def _varies(self) -> bool:
        return self.noop or bool(self.filter_expression.filters) or self.filter_expression.var.lookups is not None


class LeanLanguage(LanguageNode):
    def render(self, context: Any) -> str:
        before, context.language = context.language, self.language.resolve(context)
        try:
            return super().render(context)
        finally:
            context.language = before


class LeanSimple(SimpleNode):
    """A tag that says of itself that it draws the same of equal arguments is called once for each language and what
    it is given, as far as that are texts of the program: names of icons, marks.
    """

    def render(self, context: Any) -> str:
        if not self._is_kept or not context.autoescape:
            return super().render(context)
        kept, key = self._kept, (context.language, *[each.resolve(context) for each in self.args])
        if key not in kept:
            if len(kept) > MOST_KEPT:
                kept.clear()
            kept[key] = super().render(context)
        return kept[key]

    @cached_property
    def _kept(self) -> dict[tuple[Any, ...], str]:
        return {}

    @cached_property
    def _is_kept(self) -> bool:
        is_same = getattr(self.func, "draws_the_same", False) and not self.takes_context
        return is_same and self.target_var is None and not self.kwargs


class LeanURL(URLNode):
    def render(self, context: Any) -> str:
        if self.kwargs or self.asvar or not is_constant(self.view_name) or not context.autoescape:
            return super().render(context)
        given = tuple([each.resolve(context) for each in self.args])
        if not all([type(each) in IN_ADDRESSES for each in given]):
            return super().render(context)
        return drawn_address(self.view_name.var, given, _current_app(context))


IN_ADDRESSES = (str, int)


def _current_app(context: Any) -> str | None:
    request = getattr(context, "request", None)
    match = getattr(request, "resolver_match", None)
    return getattr(request, "current_app", match.namespace if match else None)

"""Django's templates, parsed by Django's parser into nodes that draw themselves with fewer calls: decision 0036."""

# mypy: disable-error-code="attr-defined, arg-type"

from collections.abc import Iterable
from typing import Any

from django.template import Origin, Template, TemplateDoesNotExist
from django.template.base import Lexer, Node, NodeList, Parser, Token
from django.template.loaders import base, cached
from django.utils.translation import get_language

from portal.lean.constants import LeanLanguage, LeanSimple, LeanTranslate, LeanURL
from portal.lean.expressions import LeanExpression
from portal.lean.nodes import LeanFor, LeanIf, LeanList, LeanVariableNode, LeanWith
from portal.lean.parts import LeanBlock, LeanExtends, LeanInclude

LEAN: dict[Any, type[Node]] = {
    kind.__base__: kind
    for kind in (
        *(LeanVariableNode, LeanIf, LeanFor, LeanWith, LeanInclude, LeanBlock, LeanExtends),
        *(LeanTranslate, LeanLanguage, LeanSimple, LeanURL),
    )
}


class LeanParser(Parser):
    def parse(self, parse_until: Iterable[str] | None = None) -> NodeList:
        nodes = super().parse(parse_until)
        nodes.__class__ = LeanList
        return nodes

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        node.__class__ = LEAN.get(type(node), type(node))
        super().extend_nodelist(nodelist, node, token)

    def compile_filter(self, token: str) -> LeanExpression:
        return LeanExpression(token, self)


class LeanTemplate(Template):
    def compile_nodelist(self) -> NodeList:
        libraries, builtins = self.engine.template_libraries, self.engine.template_builtins
        parser = LeanParser(Lexer(self.source).tokenize(), libraries, builtins, self.origin)
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes

    def render(self, context: Any) -> Any:
        """A whole page as Django does it, but that its language is found out once; a part of it with fewer calls."""
        if context.template is None:
            context.language = get_language()
            return super().render(context)
        state = context.render_context
        before, state.template = state.template, self
        state.dicts.append({})
        try:
            return self._render(context)
        finally:
            state.dicts.pop()
            state.template = before


class _Parsed(base.Loader):
    """As Django's, with templates of the kind above; with `debug` its own, which show where they fail."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        kind, tried = Template if self.engine.debug else LeanTemplate, []
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                tried.append((origin, "Skipped to avoid recursion"))
                continue
            try:
                contents = self.get_contents(origin)
            except TemplateDoesNotExist:
                tried.append((origin, "Source does not exist"))
                continue
            return kind(contents, origin, origin.template_name, self.engine)
        raise TemplateDoesNotExist(template_name, tried=tried)


class Loader(cached.Loader, _Parsed):
    """Keeps what it parsed. Wraps the loaders that know where templates are."""

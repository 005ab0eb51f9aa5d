"""The nodes of templates that pages are full of, drawn as Django draws them but with fewer calls.

Each is Django's own node, parsed by Django, and only drawn by other means: no call for a text, no object for each
scope of names, no search for a template that is named by a constant. Where a node is not the plain case it draws
itself in Django's way.
"""

# mypy: disable-error-code="union-attr, override, attr-defined, arg-type, misc"
# The stubs say of a node what may stand there before it is parsed

from functools import cached_property
from typing import Any

from django.template.base import NodeList, TextNode, VariableDoesNotExist, VariableNode, render_value_in_context
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, TemplateLiteral, WithNode
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from subscriptions.base.markup import ESCAPES, escaped

UNSEEN = (CommentNode, LoadNode)


class LeanList(NodeList):
    """Texts stand among its parts as texts, and what draws nothing does not stand there at all."""

    @cached_property
    def parts(self) -> list[Any]:
        seen = (node for node in self if not isinstance(node, UNSEEN))
        return [node.s if type(node) is TextNode else node for node in seen]

    def render(self, context: Any) -> SafeString:
        return SafeString("".join([part if type(part) is str else part.render(context) for part in self.parts]))


class LeanVariableNode(VariableNode):
    def render(self, context: Any) -> str:
        expression = self.filter_expression
        try:
            value = expression.plain.resolve(context) if expression.plain else expression.resolve(context)
        except VariableDoesNotExist:
            value = expression.resolve(context)  # what is shown instead
        if not context.autoescape:
            return render_value_in_context(value, context)
        if type(value) is SafeString:
            return value
        if type(value) is str:
            return value.translate(ESCAPES)
        return escaped(value) if isinstance(value, Promise) else render_value_in_context(value, context)


class LeanIf(IfNode):
    def render(self, context: Any) -> str:
        for condition, nodelist in self.conditions_nodelists:
            try:
                if type(condition) is TemplateLiteral and condition.value.plain:
                    holds = condition.value.plain.resolve(context)
                else:
                    holds = condition is None or condition.eval(context)
            except VariableDoesNotExist:
                holds = False
            if holds:
                return nodelist.render(context)
        return ""


class LeanFor(ForNode):
    def render(self, context: Any) -> str:
        values = self.sequence.resolve(context, True)
        if values is None:
            values = []
        elif not hasattr(values, "__len__"):
            values = list(values)
        names: dict[str, Any] = {}
        context.dicts.append(names)
        try:
            if not len(values):
                return self.nodelist_empty.render(context)
            return SafeString("".join(self._turns(values, names, context)))
        finally:
            context.dicts.pop()

    def _turns(self, values: Any, names: dict[str, Any], context: Any) -> list[str]:
        count, drawn = len(values), []
        loop = {"parentloop": context.get("forloop", {})}
        names["forloop"] = loop
        for place, item in enumerate(reversed(values) if self.is_reversed else values):
            left = count - place
            loop.update(counter0=place, counter=place + 1, revcounter=left, revcounter0=left - 1)
            loop["first"], loop["last"] = place == 0, left == 1
            if len(self.loopvars) == 1:
                names[self.loopvars[0]] = item
                drawn += [part if type(part) is str else part.render(context) for part in self._parts]
                continue
            context.dicts.append(dict(zip(self.loopvars, item, strict=True)))
            drawn += [part if type(part) is str else part.render(context) for part in self._parts]
            context.dicts.pop()
        return drawn

    @cached_property
    def _parts(self) -> list[Any]:
        return LeanList(self.nodelist_loop).parts


class LeanWith(WithNode):
    def render(self, context: Any) -> str:
        context.dicts.append({key: value.resolve(context) for key, value in self.extra_context.items()})
        try:
            return self.nodelist.render(context)
        finally:
            context.dicts.pop()

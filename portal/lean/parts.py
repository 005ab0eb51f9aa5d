"""Parts of pages, drawn with fewer calls: what is included, what is extended, and the blocks of both.

Django looks for each of them on every page, and keeps its state in objects of their own.
"""

# mypy: disable-error-code="union-attr, override, attr-defined, arg-type, misc"
# The stubs say of a node what may stand there before it is parsed

from functools import cached_property, lru_cache
from typing import Any

from django.template.base import Template, TextNode
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockContext,
    BlockNode,
    ExtendsNode,
    IncludeNode,
    construct_relative_path,
)
from django.utils.safestring import SafeString

from portal.lean.expressions import is_constant


class LeanInclude(IncludeNode):
    def render(self, context: Any) -> str:
        name = self.template.resolve(context)
        if type(name) is not str and type(name) is not SafeString:
            return super().render(context)
        found = self._found.get(name)
        if found is None:
            path: Any = construct_relative_path(self.origin.template_name, name)
            found = self._found[name] = context.template.engine.get_template(path)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        if self.isolated_context:
            return found.render(context.new(values))
        context.dicts.append(values)
        try:
            return found.render(context)
        finally:
            context.dicts.pop()

    @cached_property
    def _found(self) -> dict[str, Template]:
        return {}


class LeanBlock(BlockNode):
    def render(self, context: Any) -> str:
        blocks = context.render_context.dicts[-1].get(BLOCK_CONTEXT_KEY)
        names: dict[str, Any] = {"block": self}
        context.dicts.append(names)
        try:
            if blocks is None:
                return self.nodelist.render(context)
            queue = blocks.blocks[self.name]
            latest = queue.pop() if queue else None
            shown = latest or self
            names["block"] = block = type(self)(shown.name, shown.nodelist)
            block.context = context
            drawn = block.nodelist.render(context)
            if latest is not None:
                queue.append(latest)
            return drawn
        finally:
            context.dicts.pop()


class LeanExtends(ExtendsNode):
    _parent: Template | None = None

    def render(self, context: Any) -> str:
        state = context.render_context
        parent = self._kept_parent(context)
        own = state.dicts[-1]
        if BLOCK_CONTEXT_KEY not in own:
            own[BLOCK_CONTEXT_KEY] = BlockContext()
        own[BLOCK_CONTEXT_KEY].add_blocks(self.blocks)
        own[BLOCK_CONTEXT_KEY].add_blocks(_blocks_of_root(parent))
        before, state.template = state.template, parent
        try:
            return parent._render(context)
        finally:
            state.template = before

    def _kept_parent(self, context: Any) -> Template:
        """A template may extend another one of its own name, which is then looked for behind it each time."""
        if not is_constant(self.parent_name) or self.parent_name.var == self.origin.template_name:
            return self.get_parent(context)
        if self._parent is None:
            self._parent = context.template.engine.get_template(self.parent_name.var)
        return self._parent


@lru_cache(maxsize=1_000)
def _blocks_of_root(template: Template) -> dict[str, BlockNode]:
    """None where it extends another one, and is no root."""
    first = next((node for node in template.nodelist if not isinstance(node, TextNode)), None)
    if first is None or isinstance(first, ExtendsNode):
        return {}
    return {node.name: node for node in template.nodelist.get_nodes_by_type(BlockNode)}

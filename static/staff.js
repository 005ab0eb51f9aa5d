// The box that admin's script draws over a choice with search takes over the label of that choice.

function nameBox(box) {
  const select = box.previousElementSibling;
  const label = select && document.querySelector(`label[for="${select.id}"]`);
  if (!label) return;
  label.id = `${select.id}_label`;
  box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field").forEach((part) => {
    part.setAttribute("aria-labelledby", `${label.id} ${part.id}`.trim());
  });
}

const nameBoxes = () => document.querySelectorAll("select + .select2-container").forEach(nameBox);

new MutationObserver((changes) => {
  const drawn = changes.flatMap((change) => [...change.addedNodes]);
  if (drawn.some((node) => node.matches?.(".select2-container"))) nameBoxes();
}).observe(document.documentElement, { childList: true, subtree: true });
